"""A sign-up page with a WhatsApp checkbox: the whole of it. Put the key of `make demo` in."""

import json
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

COUNTRIES = {"FR": "France (+33)", "BE": "Belgique (+32)", "CH": "Suisse (+41)", "GB": "UK (+44)"}


def ask(path, body=None):
    headers = {"Authorization": "Bearer ask_…", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body else None
    return json.load(urlopen(Request("http://127.0.0.1:8080/v1" + path, data, headers)))


class Page(BaseHTTPRequestHandler):
    def do_GET(self, form=None, problem=""):
        form = form or {}
        question = ask("/prompts/signup/render?locale=fr")["html"]
        if form.get("askfirst_signup") == "grant":  # ticked a moment ago, and the number was wrong
            question = question.replace('type="checkbox"', 'type="checkbox" checked')
        options = "".join(
            f'<option value="{code}"{" selected" * (code == form.get("country"))}>{name}</option>'
            for code, name in COUNTRIES.items()
        )
        self.show(f"""<form method="post"><p role="alert">{problem}</p>
            <p><label>Pays <select name="country">{options}</select></label></p>
            <p><label>Téléphone <input name="phone" type="tel" required
                placeholder="06 39 98 12 34" value="{escape(form.get("phone", ""))}"></label></p>
            {question}
            <p><button>Continuer</button></p></form>""")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form.get("askfirst_signup") == "grant":  # an empty box is no answer
            token = form["askfirst_signup_token"]  # proves which words were shown
            contact = {name: form.get(name, "") for name in ("phone", "country")}
            answer = {"verb": "grant", "contact": contact, "prompt": {"token": token}}
            try:
                event = ask("/consents", answer)
            except HTTPError as error:
                if error.code != HTTPStatus.UNPROCESSABLE_ENTITY:  # a wrong key, for instance
                    raise
                return self.do_GET(form, "Vérifiez le numéro et le pays, ou écrivez +33 6 39 98…")
            if event["is_proof_needed"]:  # anybody could have typed it: the number says yes
                wish = {"contact": contact, "purposes": event["purposes"], "is_answer": True}
                page = ask("/confirmations", wish | {"locale": "fr"})["page"]
                return self.show(f'<p>Merci ! <a href="{page}">Confirmez dans WhatsApp</a>.</p>')
        return self.show("<p>Merci !</p>")

    def show(self, html):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        head = '<meta name="viewport" content="width=device-width"><title>Inscription</title>'
        self.wfile.write(f'<!doctype html><html lang="fr">{head}{html}'.encode())


ask("/me")  # a wrong key is told here, and not to a visitor
HTTPServer(("127.0.0.1", 8100), Page).serve_forever()
