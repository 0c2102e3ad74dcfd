# docker build -t aurevoir . ; docs/runbook.md says how to run it.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/aurevoir
COPY requirements.lock requirements-build.lock ./
RUN /opt/aurevoir/bin/pip install --require-hashes --requirement requirements.lock
# What builds the wheel stays out of what runs.
RUN python -m venv /opt/builder \
    && /opt/builder/bin/pip install --require-hashes --requirement requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY integrations integrations
COPY mappings mappings
COPY sync sync
RUN /opt/builder/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/aurevoir/bin/pip install --no-deps --no-index dist/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home aurevoir \
    && install --directory --owner aurevoir --mode 0700 /data
COPY --from=build /opt/aurevoir /opt/aurevoir
ENV PATH=/opt/aurevoir/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    AUREVOIR_CONFIG=/config/aurevoir.yaml
USER aurevoir
WORKDIR /config
VOLUME /data
EXPOSE 8010
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8011/healthz', timeout=5)"]
ENTRYPOINT ["aurevoir"]
CMD ["run"]
