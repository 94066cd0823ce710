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
        ("Bob J leads", "[name] leads"),
        ("wa.me/15551234567 for news", "for news"),
        ("Venmo @Mary-Smith-5", "Venmo [account]"),
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
    assert sum(dict(notes(text).redacted).values()) >= 1


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
        *("Group B leads Step 3", "Room B opens at 7"),
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
    assert (found.redacted, found.codes, found.links) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "kept", "taken"),
    [
        ("PW: abc / Two meetings", "Two meetings", "PW: abc"),
        ("Passcode = x_Y9*  -- Step", "Step", "Passcode = x_Y9*"),
        ("Password 654802   1st BB", "1st BB", "Password 654802"),
        ("Meeting ID: 865 1234 5678", None, "Meeting ID: 865 1234 5678"),
        ("zoom 123 456 7890 upstairs", "upstairs", "zoom 123 456 7890"),
        ("Access code: 77 4", None, "Access code: 77 4"),
        ("Code: one day at a time / Step", "Step", "Code: one day at a time"),
        ("PIN 1234#", None, "PIN 1234#"),
        ("pwd=abc", None, "pwd=abc"),
        ("see https://zoom.us/j/12345?pwd=x", "see", "https://zoom.us/j/12345?pwd=x"),
        ("see https://example.org/j?pwd=abc", "see", "https://example.org/j?pwd=abc"),
        ("Dial-In: 312-555-0100 Room 3", "Room 3", "Dial-In: 312-555-0100"),
        ("+13125550100,,123456#", None, "+13125550100,,123456#"),
        ("+1 312 555 0100 US (Chicago)", None, "+1 312 555 0100 US (Chicago)"),
        ("Call 1-312-555-0100 with pin 4471", "with", "Call 1-312-555-0100"),
        ("Conference call (312) 555-0100", None, "Conference call (312) 555-0100"),
    ],
)
def test_what_lets_one_in_is_handed_on(text, kept, taken):
    found = notes(text)
    assert found.text == kept
    assert taken in (*found.links, *found.codes, *found.phones)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "PW / sober1",
            "PW odaat",
            "pw.sober1",
            "PW#1935",
            "PW (hope)",
            "passcode hope",
            "pswd: a",
        ),
        *("Meeting password \u201chope\u201d", "Password \u201chope", "PW \u201c12 Steps\u201d"),
        *("Use 1935 as the password", "enter \u201chope\u201d as passcode", "1935 is the password"),
        *("\u201clet it go\u201d is our passcode", "Passcode is hope", "Password is the prayer"),
        *("Passcode: one day at a time", "PASSWORD: 12 Steps!", "PW one day at a time", "PW: 1st"),
        *(
            "ID/PW: 123456789/abc",
            "Zoom ID/PW: 123 456 7890 / abc",
            "ID & Password: 123 456 789 hope",
        ),
        *("Contrase\u00f1a: sobrio", "Contrasen\u0303a: un d\u00eda a la vez", "Clave: sobrio"),
        *("Mot de passe : x", "code d'acc\u00e8s : abc", "Passwort: x1", "Kennwort ist Hoffnung"),
        *("Wachtwoord: hoop", "Senha: vida", "C\u00f3digo de acceso: 12ab", "Password:\nhope"),
        *("Passcode to enter the meeting - 1935", "Passcode \u2013 1935", "Passphrase: let go"),
        *("Meeting code: abc-defg-hij", "code is 1935", "PIN number 12345", "Code 01 for Entry"),
        *(
            "Password hint: our founder",
            "password: Hope/Faith",
            "Zoom channel: 123-456-7890",
            "Zoom 123.456.7890",
            "PW 12ab34",
        ),
        *("PW: 1st Step", "psw: hope", "P.W. hope", "PW [hope]", "Access: 4471"),
        *("Passcode (all lowercase): hope", "ID de reuni\u00f3n: 123 456 7890"),
        "PW: " + "x" * 90,
    ],
)
def test_a_code_is_taken_out_whole_however_it_is_reported(text):
    found = notes(text)
    assert (found.text, found.codes) == (None, (" ".join(text.split()),))
    again = notes("; ".join(found.codes))
    assert (again.text, again.codes) == (None, found.codes)


@pytest.mark.parametrize(
    ("text", "kept", "code"),
    [
        ("Passcode is hope. Doors at 7.", "Doors at 7.", "Passcode is hope."),
        ("PW odaat -- Topic", "Topic", "PW odaat"),
        ("PW one day at a time / Topic", "Topic", "PW one day at a time"),
        ("PW - hope / Study", "Study", "PW - hope"),
        ("Step, PW 1935 upstairs", "Step, upstairs", "PW 1935"),
        ("PW: hope email pat@example.org", "email [email]", "PW: hope"),
        ("PW: hope\nSide door", "Side door", "PW: hope"),
        ("PW: hope   Women only", "Women only", "PW: hope"),
        ("PW: hope Pat Lee at 312-555-0100", "[name] at [phone]", "PW: hope"),
        ("PW: hope Pat at pat@example.org", "[name] at [email]", "PW: hope"),
        ("PW Hope Women only", "Women only", "PW Hope"),
        ("Ask Pat: use hope as the password now", "Ask Pat: now", "use hope as the password"),
    ],
)
def test_what_stands_beside_a_code_stays(text, kept, code):
    found = notes(text)
    assert (found.text, found.codes) == (kept, (code,))


@pytest.mark.parametrize(
    "text",
    [
        *("password required", "passcode: see website", "PW needed", "no password", "Pw required"),
        *(
            "email for the password",
            "Password protected",
            "Password-protected",
            "password: required",
        ),
        *(
            "The code of love and tolerance",
            "Meet at St. Mary's",
            "Pass It On",
            "This Too Shall Pass",
        ),
        *("Password: email us", "For password please call", "Password available on request"),
        *("Passcode will be sent", "password from the secretary", "Password before joining"),
        *("Ask the host for the password Big Book", "Passcode (see website)", "No PW Big Book"),
        *("password is in the chat", "Password is required for entry", "The password has changed"),
        *("zip code 19104", "Area code 215", "Dress code: casual", "passcode\nDoors open at 7"),
        *(
            "contrase\u00f1a requerida",
            "Mac/PC users welcome",
            "pin oak room",
            "Pass the basket: $2",
        ),
        *("For ID and Password email: us", "HYBRID - Zoom Password Please Email", "Password"),
        *("PWD accessible", "Enter by the side door as a password is needed"),
        *("password and link by email", "Password:", "Passcode -- Topic"),
    ],
)
def test_words_that_only_speak_of_a_code_stay(text):
    found = notes(text)
    assert (found.text, found.codes) == (text.rstrip(" :"), ())


@pytest.mark.parametrize(
    ("text", "kept", "url"),
    [
        ("zoom.us/j/1234567890", None, "https://zoom.us/j/1234567890"),
        ("Join at zoom.us/j/1234567890.", "Join at .", "https://zoom.us/j/1234567890"),
        ("Link:zoom.us/j/99", "Link", "https://zoom.us/j/99"),
        ("Noon (us02web.ZOOM.us/my/hope)", "Noon", "https://us02web.ZOOM.us/my/hope"),
        ("www.zoom.us/j/123", None, "https://www.zoom.us/j/123"),
        ("meet.google.com/abc-defg-hij", None, "https://meet.google.com/abc-defg-hij"),
        ("https://us04web.zoom/j/123456789", None, "https://us04web.zoom/j/123456789"),
    ],
)
def test_a_link_that_joins_is_handed_on_without_its_scheme_too(text, kept, url):
    found = notes(text)
    assert (found.text, found.links, found.redacted) == (kept, (url,), ())


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Meet at church.org hall",
            "more info at aa.org",
            "Join at zoom.us",
            "Held at a-b.org hall",
        ),
        *("Streamed at example.org", "live at example.org", "Zoom at webex.com", "notzoom.us/j/1"),
        "find Mary at example.org/noon",
    ],
)
def test_a_page_is_no_address_of_a_person(text):
    found = notes(text)
    assert (found.text, found.links, found.redacted) == (text, (), ())


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
    assert cleaner.redacted == {"names": 3, "phone_numbers": 1, "emails": 1}


def test_long_text_is_cut_and_counted():
    cleaner = Cleaner()
    assert len(cleaner.line("x" * 10**6).text) == LONGEST_LINE
    assert len(cleaner.notes("x " * 10**6).text) < LONGEST_NOTES
    assert cleaner.redacted["text_cut"] == 2


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "1", "1 ", "a.", "a@", "@a", "(", "<", "<a", "http://", "+1", "0 0", "A ", "PW:"),
        *("pw ", "zoom 1", "Call A", "&lt;", "dial ", "of the month ", "first and "),
        *("<a href=https://a ", "<script>", "venmo ", "call 1", "pat at ", "a_at_", "1 .", "$a"),
        *(
            "pw a ",
            "password for the ",
            "use a ",
            "id/pw 1",
            "1 is the ",
            "a.a.",
            "zoom.us",
            "code ",
        ),
        *("\u201c", "password (", "mot de passe ", "meeting zoom ", "pass 123 ", "at zoom."),
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
