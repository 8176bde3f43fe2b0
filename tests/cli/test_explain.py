"""Plans as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import click
from cli_plans import BGR, TWO_PASSES, arg, result, step

from flowgraph.cli.explain import explain, manner
from flowgraph.cli.plan_json import plan_record
from flowgraph.plan import Cost


def text() -> list[str]:
    return click.unstyle(explain(TWO_PASSES, "Masks")).splitlines()


def test_the_head_tells_passes_and_memory() -> None:
    assert text()[:2] == [
        "Masks",
        "2 passes, 3 frames on the way at a time, 2 threads, at most 7.9 MiB of memory",
    ]


def test_each_pass_has_its_reason_and_where_its_frames_come_from() -> None:
    assert [line for line in text() if line.startswith(("pass ", "  'video'"))] == [
        "pass 1 of 2: 'background' needs every frame of 'video' before its picture is done",
        "  'video' is read",
        "pass 2 of 2: 'change' needs the finished 'background'",
        "  'video' is read again: keeping 250 frames would take 164.8 MiB",
    ]


def test_what_the_engine_added_stands_with_its_reason() -> None:
    lines = text()
    conversion = next(i for i, line in enumerate(lines) if line.split()[:2] == ["video:bgr24", "convert"])
    assert lines[conversion + 1].strip() == "added: 'change' computes in bgr24"


def test_a_stream_on_another_clock_says_so() -> None:
    half = next(line for line in text() if line.split()[:1] == ["half"])
    assert half.split(maxsplit=4)[4] == "[video / every 2] passes its input on, copies nothing"


def test_memory_is_listed_in_bytes_by_pass_and_the_largest_pass_counts() -> None:
    lines = text()
    start = next(i for i, line in enumerate(lines) if line.startswith("memory"))
    assert [" ".join(line.split()) for line in lines[start + 1 : start + 10]] == [
        "for the whole run 1,382,400 1.3 MiB",
        "finished pictures 691,200 x 2 1,382,400 1.3 MiB 'background', 'backdrop'",
        "in pass 1 2,764,800 2.6 MiB",
        "frames of the reader 'video' 691,200 x 4 2,764,800 2.6 MiB",
        "in pass 2 6,920,192 6.6 MiB",
        "buffers of frames on the way 691,200 x 6 4,147,200 4.0 MiB 3 frames of 2 buffers",
        "history of 'video' 691,200 x 4 2,764,800 2.6 MiB",
        "working memory 'backdrop' 4,096 x 2 8,192 8.0 KiB",
        "at most 8,302,592 7.9 MiB the whole run's and those of the largest pass",
    ]
    assert TWO_PASSES.bound_bytes == 8_302_592


def test_a_plan_of_one_pass_sums_its_lines_up() -> None:
    one = replace(TWO_PASSES, costs=(Cost("buffers", 100, 3, pass_index=0),), codec_bytes=0)
    assert ["sum", "300", "300", "B"] in [
        line.split() for line in click.unstyle(explain(one, "x")).splitlines()
    ]


def test_notes_and_warnings_come_last() -> None:
    assert text()[-5:] == [
        "notes",
        "  - out: audio is not copied: every second frame is left out",
        "",
        "warnings",
        "  - masks.yaml:9:3: nothing reads 'spare'",
    ]


def test_the_manner_of_a_step_tells_buffer_and_latency() -> None:
    late = step("a", "tmix", (arg("video", 0),), result("a", 1, BGR, "in place", "image"), latency=1)
    assert manner(replace(late, total_latency=3)) == (
        "in the buffer of its input 'image', 1 frame late, 3 frames behind the source"
    )


def test_json_is_plain_and_its_keys_are_stable() -> None:
    record = json.loads(json.dumps(plan_record(TWO_PASSES)))
    assert list(record) == [
        "version", "bound_bytes", "codec_bytes", "tokens", "threads", "queue", "limits", "sources", "passes",
        "costs", "still_buffers", "notes", "warnings",
    ]  # fmt: skip
    assert list(record["passes"][0]) == [
        "index", "reason", "feeds", "buffers", "reader_frames", "stills", "lists", "bytes",
    ]  # fmt: skip
    assert list(record["passes"][1]["lists"][0]["steps"][1]) == [
        "name", "type", "kind", "clock", "reads", "makes", "ordered", "latency", "total_latency", "history",
        "releases", "scratch_bytes", "domain", "implied", "place",
    ]  # fmt: skip
    assert list(record["sources"]["video"]) == [
        "describe", "format", "rate", "frames", "exact", "still", "live", "path", "audio", "notes",
    ]  # fmt: skip


def test_json_gives_numbers_as_numbers_and_fractions_as_text() -> None:
    record = plan_record(TWO_PASSES)
    assert record["bound_bytes"] == 8_302_592
    assert record["limits"] == {"frames": None, "start_s": "1/2", "stop_s": None}
    assert record["sources"]["video"]["rate"] == "25"
    assert [one["bytes"] for one in record["passes"]] == [2_764_800, 6_920_192]
    assert record["costs"][1] == {
        "what": "frames of the reader", "node": "video", "nbytes": 691_200, "count": 4, "total": 2_764_800,
        "reason": "", "pass": 0, "shared": [],
    }  # fmt: skip
    assert record["passes"][1]["lists"][0]["steps"][4]["makes"] == [
        {
            "port": "image", "slot": 4, "how": "in place", "input": "image",
            "format": {
                "pixel": "gray", "width": 640, "height": 360, "matrix": "bt709", "range": "limited",
                "frame_bytes": 230_400,
            },
        }
    ]  # fmt: skip
    assert record["notes"][0]["place"] == {"file": "masks.yaml", "line": 12, "column": 3}
