#!/usr/bin/env python3
"""A service manager with socket activation, in a few lines (sd_listen_fds(3)).

usage: launcher.py PORT PROGRAM ARGS    listens on 127.0.0.1:PORT and starts the program with it
SIGHUP restarts the program as systemd would: SIGTERM, the end, a new start. SIGTERM ends both, with
the program's exit code.
"""
import os
import signal
import socket
import sys

FIRST = 3  # SD_LISTEN_FDS_START


def start(listening, command):
    child = os.fork()
    if child:
        return child
    os.dup2(listening.fileno(), FIRST)
    os.set_inheritable(FIRST, True)  # it may have been that one before
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execv(command[0], command)


def end(child):
    os.kill(child, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    awaited = {signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
    child = start(listening, sys.argv[2:])
    while True:
        told = signal.sigwait(awaited)
        if told == signal.SIGTERM:
            return end(child)
        if told == signal.SIGHUP:
            code = end(child)
            if code:
                return code
            child = start(listening, sys.argv[2:])
        elif os.waitpid(child, os.WNOHANG)[0]:
            return 1  # by itself


if __name__ == "__main__":
    sys.exit(main())
