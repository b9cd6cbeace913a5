"""Writes pyjwt.json: the tokens of recipes.json, made by PyJWT and cryptography.

Run it with both installed: pip install pyjwt==2.15.1 cryptography==50.0.2
"""

import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path

import cryptography
import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

FOLDER = Path(__file__).parent
RECIPES = json.loads((FOLDER / "recipes.json").read_text())
KEYS = json.loads((FOLDER / "keys.json").read_text())
ALGORITHMS = jwt.algorithms.get_default_algorithms()


def encode(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def padded(text):
    return text + "=" * (-len(text) % 4)


def changed(base, changes):
    merged = {**base, **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}


def half_hash(name):
    """Left half of the access token's hash: what `{"half_hash": "SHA-256"}` stands for."""
    digest = hashlib.new(name.replace("-", "").lower(), RECIPES["access_token"].encode()).digest()
    return encode(digest[: len(digest) // 2])


def claims_of(recipe):
    base = RECIPES["claims"][recipe.get("claims_of", recipe["kind"])]
    claims = changed(base, recipe.get("claims"))
    if isinstance(claims.get("at_hash"), dict):
        claims["at_hash"] = half_hash(claims["at_hash"]["half_hash"])
    return claims


def header_of(recipe):
    return changed(RECIPES["headers"][recipe["kind"]], recipe.get("header"))


def private_key(recipe):
    return jwt.PyJWK.from_dict({**KEYS[recipe.get("key", "rsa")], "use": "sig"}).key


def made(recipe):
    """The token as PyJWT makes it."""
    header = header_of(recipe)
    algorithm = header.pop("alg")
    key = None if algorithm == "none" else private_key(recipe)
    # PyJWT writes `"typ": "JWT"` unless it is told otherwise.
    return jwt.encode(claims_of(recipe), key, algorithm=algorithm, headers=header)


def signed(data, by, key):
    """A signature by an algorithm that the header need not name, or of an input that PyJWT
    would not write."""
    if by == "none":
        return ""
    if by == "HS256":
        pem = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return encode(hmac.digest(pem, data, "sha256"))
    if by == "ES256 in DER":
        return encode(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return encode(ALGORITHMS[by].sign(data, key))


def made_by_hand(recipe):
    before = recipe.get("before", {})
    claims = before.get("claims_text", json.dumps(claims_of(recipe)))
    if "repeat_claim" in before:
        name, value = map(json.dumps, before["repeat_claim"])
        claims = f"{claims[:-1]}, {name}: {value}}}"
    texts = {"header": before.get("header_text", json.dumps(header_of(recipe))), "claims": claims}
    padded_part = before.get("pad")
    # A space more, where the length would need no padding.
    if padded_part and len(texts[padded_part]) % 3 == 0:
        texts[padded_part] += " "
    parts = {name: encode(text) for name, text in texts.items()}
    if padded_part:
        parts[padded_part] = padded(parts[padded_part])
    data = f"{parts['header']}.{parts['claims']}"
    return f"{data}.{signed(data.encode(), recipe['sign_by'], private_key(recipe))}"


def tampered(token, recipe):
    """What is done to a token once it is signed."""
    after = recipe["after"]
    header, claims, signature = token.split(".")
    if after.get("drop") == "all":
        return ""
    if after.get("drop") == "signature":
        return f"{header}.{claims}"
    if "header" in after:
        header = encode(json.dumps(changed(header_of(recipe), after["header"])))
    if "claims" in after:
        claims = encode(json.dumps(changed(claims_of(recipe), after["claims"])))
    if "signature_of" in after:
        signature = made({**recipe, **after["signature_of"]}).split(".")[2]
    if "cut" in after:
        signature = signature[: -after["cut"]]
    if "pad" in after:
        signature = padded(signature)
    if "standard" in after:
        signature = signature.replace("-", "+").replace("_", "/")
    return f"{header}.{claims}.{signature}{after.get('append', '')}"


def main():
    tokens = {}
    for recipe in RECIPES["cases"]:
        if "pyjwt" not in recipe.get("makers", ["pyjwt"]):
            continue
        token = made_by_hand(recipe) if "sign_by" in recipe else made(recipe)
        tokens[recipe["name"]] = tampered(token, recipe) if "after" in recipe else token
    made_by = {
        "pyjwt": jwt.__version__,
        "cryptography": cryptography.__version__,
        "python": sys.version.split()[0],
    }
    text = json.dumps({"made_by": made_by, "tokens": tokens}, indent=1, ensure_ascii=False)
    (FOLDER / "pyjwt.json").write_text(text + "\n")


main()
