#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plugins that are refused, with the reason, while the agent runs on with the others."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

REFUSED = os.path.join(e2e.BUILD, "tests", "refused")
SYSTEM_HEALTH = os.path.join(e2e.BUILD, "plugins", "system_health.so")


def list_with(context, folder):
    result = context.rookery("plugin", "list", "--plugin-path", folder)
    assert result.returncode == 0, result
    assert "Reports how the machine feels" in result.stdout, result.stdout
    return result.stdout


def each_refusal_says_which_value_differs(c):
    out = list_with(c, REFUSED)
    for text in (
            "other_major.so' is refused: it was built for ABI 2.3, this agent takes 1.x",
            "too_small.so' is refused: its descriptor has 40 bytes, that of ABI 1.0 has 152",
            "undefined symbol: nobody_has_this",
            "no_entry.so' is refused: it exports no rk_plugin_entry: it is no plugin",
            "bad_tables.so' is refused: the preset 'many' of option 'number' does not fit it"):
        assert text in out, (text, out)


def symbols_are_bound_at_load_without_being_told(c):
    c.environment.pop("LD_BIND_NOW")
    c.under = []  # it starts itself again, and not what it runs under
    assert "undefined symbol: nobody_has_this" in list_with(c, REFUSED)


def a_truncated_object_is_refused_wherever_it_was_cut(c):
    with open(SYSTEM_HEALTH, "rb") as file:
        whole = file.read()
    folder = c.path("cut")
    os.mkdir(folder, 0o755)
    for i in range(64):
        with open(os.path.join(folder, f"cut_{i:02}.so"), "wb") as file:
            file.write(whole[:len(whole) * i // 64])
    out = list_with(c, folder)
    for i in range(64):
        assert f"cut_{i:02}.so' is refused: " in out, (i, out)


def the_agent_runs_on_with_the_others(c):
    folder = c.path("plugins")
    shutil.copytree(REFUSED, folder)
    c.config(["{ id: gen, plugin: generator, options: { samples: 5 } }"])
    c.environment["ROOKERY_PLUGIN_PATH"] += os.pathsep + folder
    # It was fine when the configuration was checked, and is not when it is loaded.
    good = shutil.copy(os.path.join(e2e.BUILD, "tests", "plugins", "odd.so"), folder)
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out.ndjson"))
                   and len(c.read("out.ndjson").splitlines()) >= 10)
    assert agent.stop() == 0, agent.log()
    os.remove(good)


def a_configuration_with_a_refused_plugin_is_an_error_with_its_reason(c):
    c.config(["{ id: bad, plugin: too_small }"])
    result = c.rookery("validate", "--plugin-path", REFUSED, c.path("rookery.yaml"))
    assert result.returncode == 2, result
    assert "rookery.yaml:6:24: error:" in result.stderr, result.stderr
    assert "its descriptor has 40 bytes" in result.stderr, result.stderr


def a_plugin_that_others_can_write_is_refused(c):
    folder = c.path("plugins")
    os.mkdir(folder, 0o755)
    path = shutil.copy(SYSTEM_HEALTH, os.path.join(folder, "system_health.so"))
    c.environment["ROOKERY_PLUGIN_PATH"] = folder
    for mode, folder_mode, ending in ((0o775, 0o755, "/system_health.so': chmod go-w it"),
                                      (0o757, 0o755, "/system_health.so': chmod go-w it"),
                                      (0o755, 0o777, "/plugins': chmod go-w it")):
        os.chmod(path, mode)
        os.chmod(folder, folder_mode)
        out = c.rookery("plugin", "list").stdout
        assert "others than its owner can write '" in out and ending in out, out
    os.chmod(folder, 0o755)
    assert "is refused" not in c.rookery("plugin", "list").stdout
    if os.geteuid() == 0:
        os.chown(path, 12345, -1)
        out = c.rookery("plugin", "list").stdout
        assert "belongs to user 12345: make it root's or the agent's own" in out, out


def given_folders_come_before_the_environment(c):
    first = c.path("first")
    os.mkdir(first, 0o755)
    shutil.copy(os.path.join(REFUSED, "no_entry.so"), os.path.join(first, "generator.so"))
    result = c.rookery("plugin", "describe", "generator")
    assert result.returncode == 0 and "Counts up." in result.stdout, result
    result = c.rookery("plugin", "describe", "generator", "--plugin-path", first)
    assert result.returncode == 1 and "it is no plugin" in result.stderr, result


def descriptions_come_as_text_json_markdown_and_sample(c):
    import json  # pylint: disable=import-outside-toplevel
    described = json.loads(c.rookery("plugin", "describe", "generator", "--json").stdout)
    assert described["name"] == "generator" and described["flags"] == ["blocking"], described
    assert [option["name"] for option in described["options"]] == [
        "series", "samples", "events", "part", "at_the_end", "reals", "first", "apart",
        "of_agent"], described
    assert described["metrics"][0]["unit"] == "{event}", described
    markdown = c.rookery("plugin", "describe", "generator", "--markdown").stdout
    assert "| `test.count` | gauge | `{event}` | exact |" in markdown, markdown
    path = c.write("conf.d/generator.yaml",
                   c.rookery("plugin", "describe", "generator", "--sample").stdout)
    c.write("rookery.yaml", "agent: { host: mx1 }\n")
    result = c.rookery("validate", c.path("rookery.yaml"))
    assert result.returncode == 0 and "collectors: 1" in result.stdout, (result, open(path).read())


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
