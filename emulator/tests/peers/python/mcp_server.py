"""Okta's MCP server, through the client of the protocol: it logs in as a service app, over TLS."""

import contextlib
import json
import os
import sys
import tempfile

import requests
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import ElicitResult
from steps import holds, run, same, step

KINDS = ["users", "groups", "apps", "policies", "deviceAssurance", "brands", "templates", "domains", "emailDomains"]
SCOPES = [f"okta.{kind}.{what}" for kind in KINDS for what in ("read", "manage")] + ["okta.logs.read"]


def grant_scopes():
    """As an administrator does in the settings of the app; those that it has are refused."""
    url, app = os.environ["OKTA_CLIENT_ORGURL"], os.environ["SERVICE_CLIENT_ID"]
    headers = {"Authorization": f"SSWS {os.environ['OKTA_CLIENT_TOKEN']}"}
    for scope in SCOPES:
        grant = {"scopeId": scope, "issuer": url}
        answer = requests.post(f"{url}/api/v1/apps/{app}/grants", json=grant, headers=headers, timeout=60)
        holds(answer.status_code in (200, 201, 400, 409), f"{scope}: {answer.text}")


@contextlib.asynccontextmanager
async def server(keyring):
    settings = {
        "OKTA_ORG_URL": os.environ["OKTA_CLIENT_ORGURL"],
        "OKTA_CLIENT_ID": os.environ["SERVICE_CLIENT_ID"],
        "OKTA_PRIVATE_KEY": os.environ["SERVICE_KEY"],
        "OKTA_KEY_ID": os.environ["SERVICE_KEY_ID"],
        "OKTA_SCOPES": " ".join(SCOPES),
        "OKTA_LOG_LEVEL": "ERROR",
        # Where there is no keyring of a desktop.
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "XDG_DATA_HOME": keyring,
    }
    kept = {name: os.environ[name] for name in ("PATH", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")}
    program = os.path.join(os.path.dirname(sys.executable), "okta-mcp-server")
    parameters = StdioServerParameters(command=program, env={**kept, **settings})
    async with stdio_client(parameters) as (read, write):
        async with ClientSession(read, write, elicitation_callback=confirm) as session:
            await session.initialize()
            yield session


async def confirm(context, params):
    return ElicitResult(action="accept", content={"confirm": True})


class Tools:
    def __init__(self, session):
        self.session = session

    async def call(self, tool, /, **arguments):
        """What a tool answers; an error of its or of Okta's is raised."""
        result = await self.session.call_tool(tool, arguments)
        texts = [part.text for part in result.content if part.type == "text"]
        if result.isError:
            raise RuntimeError(f"{tool}: {' '.join(texts)}")
        answers = [json.loads(text) for text in texts]
        for answer in answers:
            for part in answer if isinstance(answer, list) else [answer]:
                if isinstance(part, dict) and ({"error", "exception"} & set(part) or part.get("ok") is False):
                    raise RuntimeError(f"{tool}: {part}")
        return answers[0] if len(answers) == 1 else answers


async def people(tools):
    with step("the life of a user"):
        profile = {"firstName": "Mary", "lastName": "Somerville", "email": "mary@example.com", "login": "mary@example.com"}
        user = one(await tools.call("create_user", profile=profile, activate=False))
        same(user["status"], "STAGED")
        user = one(await tools.call("update_user", user_id=user["id"], profile={**profile, "title": "Writer"}))
        same(one(await tools.call("get_user", user_id=user["id"]))["profile"]["title"], "Writer")
        found = await tools.call("list_users", search='profile.login eq "mary@example.com"')
        # Users are listed as pairs of profile and id.
        same([it[1] for it in found["items"]], [user["id"]])
        await tools.call("deactivate_user", user_id=user["id"])
        await tools.call("delete_deactivated_user", user_id=user["id"])
        found = await tools.call("list_users", search='profile.login eq "mary@example.com"')
        same(found["items"], [])
    with step("the life of a group"):
        group = one(await tools.call("create_group", profile={"name": "Writers", "description": "They write"}))
        grace = one(await tools.call("get_user", user_id="grace@example.com"))["id"]
        await tools.call("add_user_to_group", group_id=group["id"], user_id=grace)
        members = await tools.call("list_group_users", group_id=group["id"])
        same([it["id"] for it in members["items"]], [grace])
        groups = await tools.call("list_user_groups", user_id=grace)
        holds("Writers" in json.dumps(groups), "the user's groups have it")
        await tools.call("remove_user_from_group", group_id=group["id"], user_id=grace)
        await tools.call("update_group", group_id=group["id"], profile={"name": "Authors", "description": "They write"})
        await tools.call("delete_group", group_id=group["id"])
        same((await tools.call("list_groups", q="Authors"))["items"], [])


async def applications(tools):
    with step("the life of an application"):
        app = {
            "label": "Library", "name": "bookmark", "signOnMode": "BOOKMARK",
            "settings": {"app": {"requestIntegration": False, "url": "https://library.example.com/"}},
        }
        app = one(await tools.call("create_application", app_config=app))
        same(one(await tools.call("get_application", app_id=app["id"]))["label"], "Library")
        await tools.call("deactivate_application", app_id=app["id"])
        await tools.call("activate_application", app_id=app["id"])
        await tools.call("deactivate_application", app_id=app["id"])
        await tools.call("delete_application", app_id=app["id"])
        found = await tools.call("list_applications", q="Library")
        same(found["items"], [])


async def policies(tools):
    with step("the life of a policy and its rule"):
        policy = one(await tools.call("create_policy", policy_data={
            "type": "PASSWORD", "name": "Long passwords", "description": "At least 14", "priority": 1,
            "conditions": {"authProvider": {"provider": "OKTA"}},
            "settings": {"password": {"complexity": {"minLength": 14}}},
        }))
        rule = one(await tools.call("create_policy_rule", policy_id=policy["id"], rule_data={
            "type": "PASSWORD", "name": "Everywhere", "priority": 1,
            "conditions": {"network": {"connection": "ANYWHERE"}},
            "actions": {"passwordChange": {"access": "ALLOW"}},
        }))
        same(one(await tools.call("get_policy_rule", policy_id=policy["id"], rule_id=rule["id"]))["name"], "Everywhere")
        await tools.call("deactivate_policy_rule", policy_id=policy["id"], rule_id=rule["id"])
        await tools.call("delete_policy_rule", policy_id=policy["id"], rule_id=rule["id"])
        await tools.call("deactivate_policy", policy_id=policy["id"])
        await tools.call("delete_policy", policy_id=policy["id"])


async def looks(tools):
    with step("a brand and its pages"):
        brand = one(await tools.call("create_brand", name="Analytical Engines"))
        same(one(await tools.call("get_brand", brand_id=brand["id"]))["name"], "Analytical Engines")
        await tools.call("list_brand_themes", brand_id=brand["id"])
        await tools.call("replace_customized_error_page", brand_id=brand["id"], page_content="<p>Sorry</p>")
        page = await tools.call("get_customized_error_page", brand_id=brand["id"])
        holds("Sorry" in json.dumps(page), "the page is kept")
        await tools.call("list_email_templates", brand_id=brand["id"])
        await tools.call("delete_brand", brand_id=brand["id"])
    with step("an assurance of devices"):
        policy = one(await tools.call("create_device_assurance_policy", policy_data={
            "name": "Laptops", "platform": "MACOS",
        }, user_stated_os_version="14.2.1"))
        await tools.call("delete_device_assurance_policy", device_assurance_id=policy["id"])
    with step("domains"):
        domain = one(await tools.call("create_custom_domain", domain="login.example.com", certificate_source_type="OKTA_MANAGED"))
        await tools.call("verify_custom_domain", domain_id=domain["id"])
        await tools.call("delete_custom_domain", domain_id=domain["id"])


async def log(tools):
    with step("the System Log"):
        found = await tools.call("get_logs", filter='eventType eq "group.lifecycle.create"')
        holds("Writers" in json.dumps(found), "the group's creation is in it")
    with step("failed logins"):
        await tools.call("get_login_failures")


def one(answer):
    return answer[0] if isinstance(answer, list) else answer


async def script():
    grant_scopes()
    with tempfile.TemporaryDirectory() as keyring:
        async with server(keyring) as session:
            tools = Tools(session)
            with step("no tool is disabled"):
                status = await tools.call("get_scope_status")
                same(status["disabled_tools"], {})
                same(sorted(status["configured_scopes"]), sorted(SCOPES))
            for part in [people, applications, policies, looks, log]:
                await part(tools)


run(script)
