# The few commands anyone needs: make run · make staff · make test · make check · make lock
PORT ?= 8000
B40_VAR ?= var
export B40_VAR
export PYTHONUNBUFFERED := 1
python := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run staff test check lock bench bench-import screenshots

help:
	@echo "make run        serve the site at http://127.0.0.1:$(PORT) (PORT=8000 chooses another port)"
	@echo "make staff      make the first account that may enter the admin"
	@echo "make test       everything: lint, types, imports, tests on SQLite, PostgreSQL and in a browser"
	@echo "make check      the part of it that needs no database and no browser"
	@echo "make lock       write the lock files anew, with the newest versions that pyproject.toml allows"
	@echo "make bench        queries, time and bytes of every page at growing records (FACTORS=\"1 10\" chooses)"
	@echo "make bench-import  seconds and memory of importing posts (POSTS=\"500 5000\" chooses)"
	@echo "make screenshots  pictures of every page into build/screenshots"

run:
	@.ci/environment requirements.txt
	@$(python) -m b40.secret_key "$(B40_VAR)/secret_key"
	@exec $(python) manage.py serve --port "$(PORT)"

staff:
	@.ci/environment requirements.txt
	@$(python) -m b40.secret_key "$(B40_VAR)/secret_key"
	@$(python) manage.py migrate --verbosity 0
	@$(python) manage.py createsuperuser

test:
	@.ci/environment requirements-dev.txt
	@$(python) -m tests.run test

check:
	@.ci/environment requirements-dev.txt
	@$(python) -m tests.run check

# uv resolves for every Python and platform at once; it comes into .venv only here.
lock:
	@.ci/environment requirements-dev.txt
	@$(python) -m pip install --disable-pip-version-check --quiet uv
	@$(python) -m uv pip compile $(resolve) pyproject.toml --output-file requirements.txt
	@$(python) -m uv pip compile $(resolve) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
resolve := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

bench:
	@.ci/environment requirements-dev.txt
	@$(python) -m tests.bench.run $(FACTORS)

bench-import:
	@.ci/environment requirements-dev.txt
	@$(python) -m tests.bench.importing $(POSTS)

screenshots:
	@.ci/environment requirements-dev.txt
	@$(python) -m tests.screenshots
