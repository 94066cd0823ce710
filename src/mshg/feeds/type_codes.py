"""Meeting Guide type codes of AA, as neutral tags and languages.

The codes are those of the Meeting Guide specification (code4recovery/spec, MIT). The same letters
mean other things in other fellowships' lists, so this table is for AA's alone.
"""

from collections.abc import Mapping

AA_GROUPS = frozenset({"aa", "aa_secular"})

ONLINE_CODE = "ONL"
"""Not in the specification; lists add it to meetings with a way to join online."""

CLOSED_PLACE_CODE = "TC"

AA_TAGS: Mapping[str, str] = {
    "11": "meditation",
    "12x12": "step_study",
    "A": "secular",
    "ABSI": "literature",
    "AL": "with_family_meeting",
    "AL-AN": "with_family_meeting",
    "ASL": "sign_language",
    "B": "literature",
    "BA": "childcare",
    "BE": "newcomer",
    "BI": "lgbtq",
    "BRK": "meal",
    "C": "closed",
    "CAN": "candlelight",
    "CF": "child_friendly",
    "D": "discussion",
    "DB": "digital_collection",
    "DD": "dual_diagnosis",
    "DR": "literature",
    "FF": "fragrance_free",
    "G": "lgbtq",
    "GR": "literature",
    "H": "anniversaries",
    "L": "lgbtq",
    "LGBTQ": "lgbtq",
    "LIT": "literature",
    "LS": "literature",
    "M": "men",
    "MED": "meditation",
    "N": "indigenous",
    "NB": "non_binary",
    "NDG": "indigenous",
    "O": "open",
    "OUT": "outdoor",
    "P": "professionals",
    "POA": "proof_of_attendance",
    "POC": "people_of_color",
    "SEN": "seniors",
    "SM": "smoking",
    "SP": "speaker",
    "ST": "step_study",
    "T": "transgender",
    "TR": "tradition_study",
    "W": "women",
    "X": "wheelchair",
    "XB": "wheelchair_bathroom",
    "XT": "cross_talk",
    "Y": "young_people",
}

AA_LANGUAGES: Mapping[str, str] = {
    "AF": "af", "AM": "am", "AR": "ar", "BG": "bg", "DA": "da", "DE": "de", "EL": "el",
    "EN": "en", "FA": "fa", "FI": "fi", "FR": "fr", "HE": "he", "HI": "hi", "HR": "hr",
    "HU": "hu", "IS": "is", "ITA": "it", "JA": "ja", "KA": "ka", "KOR": "ko", "LT": "lt",
    "ML": "ml", "MT": "mt", "NE": "ne", "NL": "nl", "NO": "no", "POL": "pl", "POR": "pt",
    "PUN": "pa", "RUS": "ru", "S": "es", "SK": "sk", "SL": "sl", "SV": "sv", "TH": "th",
    "TL": "tl", "TUR": "tr", "UK": "uk",
}  # fmt: skip
