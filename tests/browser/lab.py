"""A JupyterLab that serves a course, as a learner would have it on their computer."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

READY = """() => {
  const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === 'idle';
}"""


class Lab:
    """A running server: its address, and what a test does to it."""

    def __init__(self, home, port, token):
        self.home, self.port, self.token = home, port, token

    def address(self, notebook):
        return (
            f"http://127.0.0.1:{self.port}/lab/tree/notebooks/fr/{notebook}.ipynb"
            f"?token={self.token}&reset"
        )

    def ask(self, method, path):
        """Call the server's REST interface."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def forget_kernels(self):
        """End all kernels, so that a page starts a fresh one."""
        for session in self.ask("GET", "sessions"):
            self.ask("DELETE", f"sessions/{session['id']}")

    def responses(self, learner):
        return self.home / "reponses" / learner


@contextmanager
def serve(home, python=sys.executable, **variables):
    """Serve a folder by `kit lab` until the block ends; settings of this machine stay out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    private = home / ".jupyter-of-the-test"
    env = os.environ | {
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "IPYTHONDIR": str(private / "ipython"),
        "MPLCONFIGDIR": str(private / "mpl"),
        **variables,
    }
    env.pop("KIT_RESPONSES", None)
    log_path = home / "lab.log"
    with log_path.open("w") as log:
        server = subprocess.Popen(
            [
                python,
                *("-m", "kit", "lab"),
                "--no-browser",
                "--ip=127.0.0.1",
                f"--port={port}",
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={token}",
                "--LabApp.expose_app_in_browser=True",
                "--allow-root",
            ],
            stdout=log,
            stderr=log,
            env=env,
            cwd=home,
        )
    try:
        _wait(server, port, token, log_path)
        yield Lab(home, port, token)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(server, port, token, log_path):
    for _ in range(600):
        if server.poll() is not None:
            raise AssertionError(log_path.read_text())
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status?token={token}", timeout=1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("JupyterLab did not answer in 60 s\n" + log_path.read_text())


def open_notebook(page, lab, notebook, learner=None):
    """Open a notebook, wait for its kernel, run all cells, and sit down as a learner."""
    page.goto(lab.address(notebook))
    page.wait_for_function(READY, timeout=90_000)
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    run_all(page)
    if learner:
        sit_down(page, learner)
    return page


def run_all(page):
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")


def sit_down(page, learner):
    """Write a pseudonym, and say that it is one's own where answers exist."""
    form = page.locator(".kit-form").first
    form.get_by_label("Ton pseudonyme").fill(learner)
    form.get_by_role("button", name="Commencer").click()
    known = form.get_by_role("button", name="C’est moi, continuer")
    who = form.get_by_text(f"Ici travaille {learner}")
    known.or_(who).wait_for()
    if known.is_visible():
        known.click()
    who.wait_for()
    page.get_by_text("enregistré", exact=True).first.wait_for()  # the tasks have opened
