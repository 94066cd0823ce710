"""People's names, addresses and numbers come out of free text; what is none of them stays."""

import pytest

from mshg.feeds.masking import LONGEST_LINE, LONGEST_NOTES, Cleaner, clean


def notes(text, **options):
    return clean(text, is_notes=True, **options)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ask for Pat, 555 0100", "Ask for [name], [phone]"),
        ("call Pat M. at (312) 555-0100", "call [name] at [phone]"),
        ("Contact: Zoe, 312.555.0100 ext. 5", "Contact: [name], [phone]"),
        ("Questions? Text José 312-555-0100", "Questions? Text [name] [phone]"),
        ("1-800-555-0100", "[phone]"),
        ("+44 20 7946 0000", "[phone]"),
        ("020 7946 0000 or 07700 900123", "[phone] or [phone]"),
        ("06 12 34 56 78", "[phone]"),
        ("tel 3125550100", "tel [phone]"),
        ("312\u2011555\u20110100", "[phone]"),
        ("pat.m@example.org", "[email]"),
        ("write to pat at example dot org", "write to [email]"),
        ("pat (at) example.org", "[email]"),
        ("pat @ example.com", "[email]"),
        ("pat\uff20example.org", "[email]"),
        ("p\u200bat@exam\u00adple.org", "[email]"),
        ("pat&#64;example.org", "[email]"),
        ("<a href='mailto:pat@example.org'>write</a>", "write"),
        ("mailto:pat@example.org", None),
        ("Chairperson Bob", "Chairperson [name]"),
        ("Host: Mary-Ann K.", "Host: [name]"),
        ("Tyler is the host", "[name] is the host"),
        ("Bob S. has the key", "[name] has the key"),
        ("(312) 555-0100 (Pat)", "[phone] ([name])"),
        ("Pat Lee <pat@example.org>", "[name] [email]"),
        ("Write for the password: pat@example.org", "Write for the password: [email]"),
        ("312/555-0100", "[phone]"),
        ("Call Pat or Mary Lee 312-555-0100", "Call [name] or [name] [phone]"),
        ("call pat at 312-555-0100", "call [name] at [phone]"),
        ("Whatsapp Pat +44 7911 123456", "Whatsapp [name] [phone]"),
        ("Pat \u260e 312-555-0100", "[name] \u260e [phone]"),
        ("GSR Pat Lee", "GSR [name]"),
        ("Intergroup rep: Pat Lee", "Intergroup rep: [name]"),
        ("see www.example.org/?tel=3125550100", "see"),
        ("javascript:alert(1) hello", "hello"),
        ("see https://user:pw@example.org/x", "see"),
        ("pat {at} example {dot} org", "[email]"),
        ("pat <at> example <dot> org", "[email]"),
        ("pat_at_example.org", "[email]"),
        ("pat(a)example.org", "[email]"),
        ("pat @ example . com", "[email]"),
        ("312_555_0100 or 312*555*0100", "[phone] or [phone]"),
        ("312/555/0100", "[phone]"),
        ("ph#312-555-0100", "ph#[phone]"),
        ("text 3 1 2 5 5 5 0 1 0 0", "text [phone]"),
        ("Tel. 612 345 678", "Tel. [phone]"),
        ("06-12-34-56-78 or 06-12345678", "[phone] or [phone]"),
        ("(02) 9999 0000", "[phone]"),
        ("089 / 1234567", "[phone]"),
        ("Venmo @pat-smith", "Venmo [account]"),
        ("Venmo: pat-smith", "Venmo: [account]"),
        ("Cash app $patsmith", "Cash app [account]"),
        ("@patsmith on Telegram", "[account] on Telegram"),
        ("give to $PatSmith", "give to [account]"),
        ("paypal.me/pat or https://venmo.com/u/pat", "or"),
        ("Kontakt: Hans M\u00fcller", "Kontakt: [name]"),
        ("Contacto: Juan P.", "Contacto: [name]"),
        ("Llamar a Juan 612 345 678", "Llamar a [name] 612 345 678"),
        ("Mary K, secretary", "[name], secretary"),
        ("at the home of Pat Smith", "at the home of [name]"),
        ("Attn: Pat Smith", "Attn: [name]"),
        ("Zelle 312-555-0100", "Zelle [phone]"),
        ("Ring<script>let a = 1</script> twice", "Ring twice"),
        ('<a href="https://example.org/x">the page</a>', "https://example.org/x the page"),
        ('<a href="https://example.org/x">https://example.org/x</a>', "https://example.org/x"),
    ],
)
def test_taken_out(text, kept):
    assert notes(text).text == kept
    assert sum(dict(notes(text).removed).values()) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "PO Box 6, Glen Mills, PA 19342-1234",
        "1937 West MacDade Boulevard, Woodlyn, PA 19094, USA",
        "167-07 35th Ave.",
        "86-20 114th Street",
        "912 E178th Street (@Daly Avenue)",
        "100 N 1234 W, Salt Lake City, UT 84103",
        "7:30-8:30 pm, doors at 7:00",
        "19:30 - 20:45",
        "2024-03-08 01:55:57",
        "9/21/17",
        "GSO #112235",
        "D23 / GSO #0358507",
        "Big Book 1st 164 pages",
        "Room 101, 2nd Fl",
        "Bay St. @ Franklin",
        "Living Sober @ 7.30pm",
        *("Noon @ Library", "Meets at St.Mary", "at noon", "live at 7.30 pm", "$5 donation"),
        *("look at google.com", "see us at example.org", "more info at example.org"),
        *("Big Book p. 58-60", "pages 417-420 and 83-88", "10:00-11:00, 12:00-13:00"),
        *("GSO group #112235678", "Group ID 112235678", "PA 19104-1234", "Area 59 District 21"),
        *("10115 Berlin", "2024-01-15", "15.01.2024", "Call 10 minutes before", "365 days 24/7"),
        *("HYBRID - Chair rotates", "St John S. Campus", "Market Square: side door"),
        *("Women, Chair", "Beginners, Secretary needed", "Venmo: see chat", "PayPal: yes"),
        *("Home of Hope Church", "Venmo", "PayPal accepted", "1-2-3 Waltz", "lat 39.8011 -89.6436"),
        "Chairperson's Choice",
        "Chairpersons Choice",
        "Conscious Contact",
        "Call to Action A.A.",
        "Call Office -- Came to Believe",
        "Text Study",
        "Host Church, Suite B. upstairs",
        "Upper Darby A.A.",
        "Steps 1, 2 and 3",
        "Rt. 1 (City Line Ave)",
        "Wk 1-BB, Wk 2-Topic",
        "Temporary location until 2026",
        "K0K 1G0",
        "Data: 5 people",
        "No password required",
        "https://www.drydocksf.org/meetings",
        "a < b and 3 > 2",
    ],
)
def test_left_as_it_is(text):
    found = notes(text)
    assert found.text == text.strip()
    assert (found.removed, found.codes, found.links) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "kept", "taken"),
    [
        ("PW: abc / Two meetings", "Two meetings", "PW: abc"),
        ("Passcode = x_Y9*  -- Step", "Step", "Passcode = x_Y9*"),
        ("Password 654802   1st BB", "1st BB", "Password 654802"),
        ("Meeting ID: 865 1234 5678", None, "Meeting ID: 865 1234 5678"),
        ("zoom 123 456 7890 upstairs", "upstairs", "zoom 123 456 7890"),
        ("Access code: 77 4", "4", "Access code: 77"),
        ("PIN 1234#", None, "PIN 1234#"),
        ("pwd=abc", None, "pwd=abc"),
        ("see https://zoom.us/j/12345?pwd=x", "see", "https://zoom.us/j/12345?pwd=x"),
        ("see https://example.org/j?pwd=abc", "see", "https://example.org/j?pwd=abc"),
        ("Dial-In: 312-555-0100 Room 3", "Room 3", "Dial-In: 312-555-0100"),
        ("+13125550100,,123456#", None, "+13125550100,,123456#"),
        ("+1 312 555 0100 US (Chicago)", None, "+1 312 555 0100 US (Chicago)"),
        ("Conference call (312) 555-0100", None, "Conference call (312) 555-0100"),
    ],
)
def test_what_lets_one_in_is_handed_on(text, kept, taken):
    found = notes(text)
    assert found.text == kept
    assert taken in (*found.links, *found.codes, *found.phones)


def test_a_password_that_one_has_to_ask_for_is_no_code():
    for text in ("Password: email us", "For password please call", "password: required"):
        assert notes(text).codes == ()


def test_names_that_the_row_itself_tells_are_taken_out_wherever_they_stand():
    assert notes("Zebulon opens the door", names=("Zebulon",)).text == "[name] opens the door"
    cleaner = Cleaner()
    assert cleaner.line("Pat Doe Memorial Group", names=("Pat Doe",)).text == (
        "[name] Memorial Group"
    )
    assert cleaner.line("Grace Church", names=("Grace",)).text == "Grace Church"


def test_links_that_stay_keep_their_place():
    text = "https://a.org PW: https://b.org -- dial in https://c.org 312-555-0100 https://d.org"
    found = notes(text)
    assert [w for w in found.text.split() if "http" in w] == [
        "https://a.org",
        "https://b.org",
        "https://c.org",
        "https://d.org",
    ]
    assert "\ue000" not in str(found)


def test_titles_lose_numbers_and_names_beside_them():
    cleaner = Cleaner()
    assert cleaner.line("Noon (Pat 312-555-0100)").text == "Noon ([name] [phone])"
    assert cleaner.line("Noon\npat@example.org").text == "Noon [email]"
    assert cleaner.line("St. Mark's (ask for Dave)").text == "St. Mark's (ask for [name])"
    assert cleaner.line("c/o Jim Jones, 12 Elm St").text == "c/o [name], 12 Elm St"
    assert cleaner.line("c/o First Church").text == "c/o First Church"
    assert cleaner.removed == {"names": 3, "phone_numbers": 1, "emails": 1}


def test_long_text_is_cut_and_counted():
    cleaner = Cleaner()
    assert len(cleaner.line("x" * 10**6).text) == LONGEST_LINE
    assert len(cleaner.notes("x " * 10**6).text) < LONGEST_NOTES
    assert cleaner.removed["text_cut"] == 2


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "1", "1 ", "a.", "a@", "@a", "(", "<", "<a", "http://", "+1", "0 0", "A ", "PW:"),
        *("pw ", "zoom 1", "Call A", "&lt;", "dial ", "of the month ", "first and "),
        *("<a href=https://a ", "<script>", "venmo ", "call 1", "pat at ", "a_at_", "1 .", "$a"),
    ],
)
def test_hostile_text_is_cleaned_in_bounded_time(unit):
    found = notes(unit * (LONGEST_NOTES // len(unit)))
    assert found.text is None or len(found.text) <= 2 * LONGEST_NOTES


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Noon 555-0100", "Noon [phone]"),
        ("Contact Pat Lee", "Contact [name]"),
        ("Noon (led by Pat Lee)", "Noon (led by [name])"),
        ("Secretary is Pat Lee", "Secretary is [name]"),
        ("call/text Pat L", "call/text [name]"),
    ],
)
def test_taken_out_of_a_title(text, kept):
    assert clean(text, is_notes=False).text == kept


@pytest.mark.parametrize(
    "text",
    ["Conscious Contact Women", "Contact Point Center", "Hosted by Grace Church", "Room 555-0100"],
)
def test_stays_in_a_title(text):
    assert clean(text, is_notes=False).text == text


def test_a_postal_code_of_seven_digits_stays_in_an_address():
    address = "1-1 Chiyoda, Tokyo 100-0001, Japan"
    assert clean(address, is_notes=False, is_address=True).text == address


def test_the_code_after_a_number_to_dial_goes_with_it():
    found = notes("Dial-in: +1 312-626-6799, 123456789# and say hello")
    assert (found.text, found.phones) == (
        "and say hello",
        ("Dial-in: +1 312-626-6799, 123456789#",),
    )
