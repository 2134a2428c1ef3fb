from askfirst.graph.platform.signature import sign, verify

BODY = b'{"text":"\\u00e4"}'


def test_a_signature_is_lower_case_hexadecimal_after_its_scheme() -> None:
    # RFC 4231, test case 2
    signed = sign(b"what do ya want for nothing?", b"Jefe")
    assert signed == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_what_one_of_the_secrets_signed_is_accepted() -> None:
    header = sign(BODY, b"old")
    assert verify(BODY, header, [b"new", b"old"])
    assert verify(BODY, header, [b"old", b"new"])
    assert verify(BODY, header.upper().replace("SHA", "sha"), [b"old"])


def test_anything_else_is_refused() -> None:
    header = sign(BODY, b"secret")
    assert not verify(BODY + b" ", header, [b"secret"])
    assert not verify(BODY, header, [b"other"])
    assert not verify(BODY, header, [])
    assert not verify(BODY, sign(BODY, b""), [b""])


def test_a_malformed_header_is_refused_and_never_raises() -> None:
    digits = sign(BODY, b"s").removeprefix("sha256=")
    headers = (None, "", digits, "sha1=" + digits, "sha256=", "sha256=" + digits + "0")
    for header in (*headers, f"sha256={digits}\n", "sha256=" + "é" * 64, "sha256=" + "٣" * 64):
        assert not verify(BODY, header, [b"s"])
