import json

from askfirst.graph.platform.errors import ERRORS, GraphCode, error_body, http_status


def test_every_code_has_its_status_and_title() -> None:
    assert set(ERRORS) == set(GraphCode)
    assert http_status(132001) == 404
    assert http_status(424242) == 400


def test_an_error_has_the_shape_of_metas() -> None:
    body = json.loads(error_body(131050, "This contact has said no to marketing."))
    trace = body["error"].pop("fbtrace_id")
    assert trace.startswith("A")
    assert body == {
        "error": {
            "message": "(#131050) User has stopped marketing messages from this business",
            "type": "OAuthException",
            "code": 131050,
            "is_transient": False,
            "error_data": {
                "messaging_product": "whatsapp",
                "details": "This contact has said no to marketing.",
            },
        }
    }


def test_our_own_reasons_stand_inside_the_error() -> None:
    reasons = {"decision": "dec_1", "reasons": ["not_granted"]}
    body = json.loads(error_body(2, "Later.", askfirst=reasons, message="Busy", transient=True))
    assert body["error"]["askfirst"] == reasons
    assert body["error"]["message"] == "(#2) Busy"
    assert body["error"]["is_transient"] is True
    assert "messages" not in body


def test_a_code_of_metas_that_we_do_not_know_can_be_told() -> None:
    assert json.loads(error_body(424242, "?"))["error"]["code"] == 424242
