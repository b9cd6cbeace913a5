"""Steps of a script: each prints a line, `ok NAME`, `FAIL NAME: why` or `expected NAME: reason`."""

import asyncio
import contextlib
import traceback

from okta.client import Client
from okta.pagination import PaginationHelper


@contextlib.contextmanager
def step(name):
    """A step that has to work."""
    try:
        yield
    except Exception as why:
        say("FAIL", name, described(why))
    else:
        say("ok", name)


@contextlib.contextmanager
def wrong_in_client(name, reason):
    """A step that fails because of a mistake in the client. Once it works, the mistake is mended."""
    try:
        yield
    except Exception:
        say("expected", name, reason)
    else:
        say("FAIL", name, f"works by now, so that it is no longer true that {reason}")


async def done(call):
    """The result of a call; its error is raised."""
    result = await call
    error = result[-1]
    if error is not None:
        raise error if isinstance(error, Exception) else RuntimeError(str(error))
    return result[0] if len(result) == 3 else None


async def refused(call, status, code):
    """The call has to fail with this status and Okta's code."""
    error = (await call)[-1]
    if error is None:
        raise AssertionError("was not refused")
    same((error.status, error.error_code), (status, code))
    return error


async def every(pages, **query):
    """All items of a list, and how many pages it has."""
    items, count, after = [], 0, None
    while True:
        page, response, error = await pages(after=after, **query)
        if error is not None:
            raise error if isinstance(error, Exception) else RuntimeError(str(error))
        items, count = items + (page or []), count + 1
        after = PaginationHelper.extract_next_cursor(response.headers)
        if after is None:
            return items, count


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"found {found!r} where {wanted!r} was expected")


def holds(condition, what):
    if not condition:
        raise AssertionError(f"not so: {what}")


def client(**settings):
    """The client as a program makes it; the org and its token are in the environment."""
    return Client({"logging": {"enabled": False}, **settings})


def run(script):
    asyncio.run(script())
    print("end", flush=True)


def say(outcome, name, why=None):
    print(f"{outcome} {name}" + (f": {why}" if why else ""), flush=True)


def described(why):
    """On one line, with the place in the script."""
    places = [frame for frame in traceback.extract_tb(why.__traceback__) if "/peers/" in frame.filename]
    place = f" (line {places[1].lineno})" if len(places) > 1 else ""
    return f"{type(why).__name__}: {' '.join(str(why).split())[:600]}{place}"
