"""The widgets' page without Jupyter: a static page, a fake model, a small fake kernel."""
