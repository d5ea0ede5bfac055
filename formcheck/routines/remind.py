"""Lines that make a system's own scheduler remind somebody of a routine."""

from __future__ import annotations

import shlex
from xml.sax.saxutils import escape

from formcheck.errors import RoutineError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHEDULERS = ("cron", "systemd", "launchd", "windows")


def parse_days(text: str) -> tuple[str, ...]:
    """Return the days of a list such as ``mon,wed,fri``, in the order of the week.

    Raises
    ------
    RoutineError
        One of them is no day.
    """
    given = [day.strip().lower()[:3] for day in text.split(",")]
    wrong = [day for day in given if day not in DAYS]
    if wrong:
        msg = f"'{text}' should be days with commas between, of {', '.join(DAYS)}."
        raise RoutineError(msg)
    return tuple(day for day in DAYS if day in given)


def parse_time(text: str) -> tuple[int, int]:
    """Return hour and minute of a time such as ``07:30``.

    Raises
    ------
    RoutineError
        It is no time.
    """
    hour, _, minute = text.partition(":")
    if hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60:
        return int(hour), int(minute)
    msg = f"'{text}' should be a time such as 07:30."
    raise RoutineError(msg)


def reminder(
    scheduler: str, days: tuple[str, ...], at: tuple[int, int], message: str, name: str
) -> str:
    """Return what to put into a scheduler, with a first line on where to put it.

    Parameters
    ----------
    scheduler
        One of `SCHEDULERS`.
    days, at
        When.
    message
        What the reminder says.
    name
        What the task is called: letters, digits and hyphens.
    """
    makers = {"cron": _cron, "systemd": _systemd, "launchd": _launchd, "windows": _windows}
    return makers[scheduler](days, at, message, f"formcheck-{name}")


def _cron(days: tuple[str, ...], at: tuple[int, int], message: str, name: str) -> str:
    # In a crontab an unescaped per cent sign ends the command.
    say = f"notify-send {name} {shlex.quote(message)}".replace("%", r"\%")
    display = "DISPLAY=:0 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus"
    return f"# Add this line with: crontab -e\n{at[1]} {at[0]} * * {','.join(days)} {display} {say}"


def _systemd(days: tuple[str, ...], at: tuple[int, int], message: str, name: str) -> str:
    when = f"{','.join(day.capitalize() for day in days)} *-*-* {at[0]:02d}:{at[1]:02d}:00"
    return (
        "# Run this once; 'systemctl --user list-timers' shows it. It lasts until you log out:\n"
        f"systemd-run --user --unit={name} --on-calendar={shlex.quote(when)} "
        f"notify-send {name} {shlex.quote(message)}"
    )


def _launchd(days: tuple[str, ...], at: tuple[int, int], message: str, name: str) -> str:
    each = "\n".join(
        f"    <dict><key>Weekday</key><integer>{DAYS.index(day) + 1}</integer>"
        f"<key>Hour</key><integer>{at[0]}</integer>"
        f"<key>Minute</key><integer>{at[1]}</integer></dict>"
        for day in days
    )
    quoted = message.replace("\\", "\\\\").replace('"', '\\"')
    script = escape(f'display notification "{quoted}" with title "formcheck"')
    return (
        f"<!-- Save as ~/Library/LaunchAgents/{name}.plist, then: launchctl load that file -->\n"
        '<plist version="1.0"><dict>\n'
        f"  <key>Label</key><string>{name}</string>\n"
        "  <key>ProgramArguments</key><array><string>/usr/bin/osascript</string>"
        f"<string>-e</string><string>{script}</string></array>\n"
        f"  <key>StartCalendarInterval</key><array>\n{each}\n  </array>\n"
        "</dict></plist>"
    )


def _windows(days: tuple[str, ...], at: tuple[int, int], message: str, name: str) -> str:
    safe = "".join(c for c in message if c not in "\"'&|<>^%!")
    return (
        "REM Run this once in a command prompt:\n"
        f"schtasks /Create /TN {name} /SC WEEKLY /D {','.join(d.upper() for d in days)} "
        f'/ST {at[0]:02d}:{at[1]:02d} /TR "msg.exe %USERNAME% {safe}"'
    )
