"""Frames between processes: what arrives, what holds up whom, and what is left behind."""

from __future__ import annotations

import runpy
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flowgraph import GraphError, Interrupted, RunError, compile, execute, loads
from flowgraph.frame import Format, Frame, new_frame, table
from flowgraph.media.receive import StreamReader, probe_stream
from flowgraph.media.send import SLOTS, SocketWriter
from flowgraph.media.wire import Address
from flowgraph.node import Limits, SinkInfo

CLIENT = Path(__file__).parents[2] / "examples" / "read_frames.py"
ODD = Format("yuv420p", 17, 11, "bt709", "full", aspect=Fraction(4, 3))
RATE = Fraction(25)


@pytest.fixture(params=["unix", "tcp"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """A place for a stream, of either kind."""
    if request.param == "unix":
        return Address.parse(f"unix:{tmp_path}/s.sock")
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return Address.parse(f"tcp://127.0.0.1:{trial.getsockname()[1]}")


def picture(index: int, format: Format = ODD) -> Frame:
    """A frame whose samples tell its index."""
    frame = new_frame(format, index, index / RATE)
    for number, plane in enumerate(frame.planes):
        plane[:] = (index * 3 + number) % 256
    frame.duration = 1 / RATE
    return frame


def sending(address: Address, format: Format = ODD, readers: int = 1) -> SocketWriter:
    return SocketWriter(address, SinkInfo(format, RATE, False, None, False, Limits()), readers)


class Aside:
    """A call on a thread of its own; `end` waits for it and raises what it raised."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None

        def work() -> None:
            try:
                self.result = call()
            except BaseException as error:
                self.error = error

        self.thread = threading.Thread(target=work)
        self.thread.start()

    def end(self) -> Any:
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.error is not None:
            raise self.error
        return self.result


def send_all(writer: SocketWriter, count: int, format: Format = ODD) -> str:
    for index in range(count):
        writer.write(picture(index, format))
    return writer.close()


def read_all(reader: StreamReader) -> list[Frame]:
    found: list[Frame] = []
    while (frame := reader.read()) is not None:
        found.append(frame)
    return found


def test_every_frame_arrives_as_it_was_sent(address: Address) -> None:
    writer = sending(address)
    sender = Aside(lambda: send_all(writer, 20))
    info = probe_stream(address, 10, Limits())
    assert (info.format, info.format.aspect, info.rate) == (ODD, Fraction(4, 3), RATE)
    found = read_all(StreamReader(address, info.format, 10, Limits()))
    assert sender.end() == f"{address.text}: 20 frames sent"
    assert [(f.index, f.time, f.duration) for f in found] == [(k, k / RATE, 1 / RATE) for k in range(20)]
    for frame in found:
        for got, sent in zip(frame.planes, picture(frame.index).planes, strict=True):
            assert np.array_equal(got, sent)
            assert not got.flags.writeable


def test_a_table_arrives_as_rows_of_numbers(address: Address) -> None:
    numbers = table("time", "quantity")
    writer = sending(address, numbers)
    sender = Aside(lambda: send_all(writer, 3, numbers))
    info = probe_stream(address, 10, Limits())
    assert info.format.columns == ("time", "quantity")
    rows = [frame.data.tolist() for frame in read_all(StreamReader(address, info.format, 10, Limits()))]
    assert rows == [[[0.0, 0.0]], [[3.0, 3.0]], [[6.0, 6.0]]]
    sender.end()


def test_the_slowest_reader_sets_the_pace(tmp_path: Path) -> None:
    address = Address.parse(f"unix:{tmp_path}/s.sock")
    writer = sending(address, readers=2)
    sender = Aside(lambda: send_all(writer, 50))
    quick, slow = (StreamReader(address, ODD, 10, Limits()) for _ in range(2))
    first = Aside(quick.read)
    assert slow.read() is not None
    assert first.end() is not None
    # The slow one is done with its first frame; without another word from it, this many more are handed out.
    rest = [quick.read() for _ in range(SLOTS)]
    assert [frame.index for frame in rest if frame is not None] == list(range(1, SLOTS + 1))
    ahead = Aside(lambda: read_all(quick))
    assert len(read_all(slow)) == 49
    assert len(ahead.end()) == 49 - SLOTS
    sender.end()


def test_a_reader_that_leaves_holds_up_nobody_and_another_may_come(address: Address) -> None:
    writer = sending(address)
    sender = Aside(lambda: send_all(writer, 2000))
    leaving = StreamReader(address, ODD, 10, Limits())
    assert leaving.read() is not None
    leaving.close()
    coming = read_all(StreamReader(address, ODD, 10, Limits()))
    assert coming[-1].planes[0][0, 0] == 1999 * 3 % 256
    sender.end()


def test_a_sender_that_comes_back_goes_on_in_time(address: Address) -> None:
    reader = StreamReader(address, ODD, 10, Limits())
    first = sending(address)
    lost = Aside(lambda: [first.write(picture(k)) for k in range(3)])
    found = [reader.read() for _ in range(3)]
    lost.end()
    for line in first._readers:  # pyright: ignore[reportPrivateUsage] as a killed process leaves them
        line.line.close()
    first._close()  # pyright: ignore[reportPrivateUsage]
    second = sending(address)
    sender = Aside(lambda: send_all(second, 2))
    found += read_all(reader)
    assert [(f.index, f.time) for f in found if f is not None] == [(k, k / RATE) for k in range(5)]
    sender.end()


def test_a_sender_that_breaks_off_is_an_error_of_the_reader(address: Address) -> None:
    reader = StreamReader(address, ODD, 10, Limits())
    writer = sending(address)
    reading = Aside(lambda: read_all(reader))
    writer.write(picture(0))
    writer.abort()
    with pytest.raises(RunError, match="the sender broke off after 1 frames"):
        reading.end()


def test_a_sender_that_stays_away_is_an_error(address: Address) -> None:
    with pytest.raises(RunError, match="went away after 0 frames and was not back within 0 s"):
        StreamReader(address, ODD, 0, Limits()).read()
    with pytest.raises(GraphError, match="nobody offers a stream there"):
        probe_stream(address, 0, Limits())


def test_a_place_that_is_taken_is_refused_and_one_left_behind_is_not(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    address = Address.parse(f"unix:{path}")
    writer = sending(address)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RunError, match="somebody offers a stream there already"):
        sending(address)
    writer.abort()
    assert not path.exists()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    sending(address).abort()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("udp://127.0.0.1:5000", "is no address"),
        ("tcp://127.0.0.1:0", "is no address"),
        ("unix:", "is no address"),
        ("tcp://10.0.0.1:5000", "is not of this machine"),
    ],
)
def test_addresses_of_other_machines_and_kinds_are_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Address.parse(text)


def test_what_speaks_another_language_is_refused(address: Address) -> None:
    with address.socket() as listener:
        listener.bind(address.target)
        listener.listen()

        def answer() -> None:
            connection = listener.accept()[0]
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(1 << 16)
            connection.close()

        other = Aside(answer)
        with pytest.raises(GraphError, match="this is no stream of flowgraph"):
            probe_stream(address, 10, Limits())
        other.end()


SENDER = """
flowgraph: 1
nodes:
  video: {{type: testsrc, size: 64x48, length: {frames}}}
  out: {{type: socket_sink, in: video, address: '{address}'}}
"""
READER = """
flowgraph: 1
nodes:
  video: {{type: socket_source, address: '{address}'}}
  more: {{type: invert, in: video}}
  out: {{type: sink, in: more, path: '{path}', codec: ffv1}}
"""


def test_two_graphs_are_one_across_processes(address: Address, tmp_path: Path) -> None:
    graph = tmp_path / "send.yaml"
    graph.write_text(SENDER.format(frames=30, address=address.text))
    sender = subprocess.Popen([sys.executable, "-m", "flowgraph", "run", str(graph), "-q"])
    report = execute(compile(loads(READER.format(address=address.text, path=tmp_path / "out.mkv"))))
    assert report.frames == 30
    assert sender.wait(60) == 0


def test_a_run_that_waits_for_a_reader_can_be_interrupted(address: Address) -> None:
    plan = compile(loads(SENDER.format(frames=30, address=address.text)))
    with pytest.raises(Interrupted):
        execute(plan, cancelled=lambda: True)


def test_a_program_without_flowgraph_reads_the_same_samples(address: Address) -> None:
    writer = sending(address)
    sender = Aside(lambda: send_all(writer, 5))
    read = runpy.run_path(str(CLIENT))["frames"]
    found = [
        (note["frame"], [int(plane[0, 0]) for plane in planes], [plane.shape for plane in planes])
        for note, planes in read(address.text)
    ]
    assert found == [(k, [3 * k, 3 * k + 1, 3 * k + 2], [(11, 17), (6, 9), (6, 9)]) for k in range(5)]
    sender.end()
