"""Visitors who take their time, all on this machine, and how long another one waits meanwhile."""

import socket
import statistics
import time
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread
from urllib.request import urlopen

BODY = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200\r\n"
    # Without the cookie the form would be refused unread.
    b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
# 320 KB, the largest answer that every site has.
READ = b"GET /static/admin/js/vendor/xregexp/xregexp.js HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def connected(port, count, head):
    """So many connections, from addresses of their own, each of which has said `head` and reads nothing."""
    with ExitStack() as stack:
        opened = []
        for number in range(count):
            one = stack.enter_context(socket.socket())
            # What the kernel takes for them is no more than a few kilobytes, on both sides.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 500)
            one.bind((f"127.0.0.{2 + number % 20}", 0))
            one.connect(("127.0.0.1", port))
            one.sendall(head)
            opened.append(one)
        yield opened


@contextmanager
def slow(port, *, bodies=0, idle=0, readers=0):
    """So many of each, from addresses of their own: a body of a byte a second, nothing, a reader who waits."""
    over = Event()
    with ExitStack() as stack:
        for count, head in ((idle, b""), (readers, READ)):
            stack.enter_context(connected(port, count, head))
        sending = stack.enter_context(connected(port, bodies, BODY))

        def drip():
            while not over.wait(1):
                for one in sending:
                    # Whoever was cut or refused is not there any more.
                    with suppress(OSError):
                        one.sendall(b"a")

        dripping = Thread(target=drip)
        dripping.start()
        # The first bodies are waited for by now.
        time.sleep(0.5)
        try:
            yield sending
        finally:
            over.set()
            dripping.join()


def median_of_a_list(port, times=15):
    """Seconds until it is there, whole."""
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        with urlopen(f"http://127.0.0.1:{port}/achievements/", timeout=5) as answer:
            answer.read()
        taken.append(time.perf_counter() - before)
    return statistics.median(taken)


def slowed(port, **visitors):
    """By how much these visitors slow another's list; of three measurements the best, for a busy machine."""
    found = []
    median_of_a_list(port)
    for _ in range(3):
        quiet = median_of_a_list(port)
        with slow(port, **visitors):
            found.append(median_of_a_list(port) / quiet)
        if found[-1] < 10:
            break
    return min(found)
