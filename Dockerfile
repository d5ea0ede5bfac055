# formcheck for batches: docs/docker.md says how to build and run it.
#
# Needs a base image, the Debian archive and a Python package index, and nothing else; each may be
# a mirror:  docker build --build-arg BASE=… --build-arg PIP_INDEX_URL=… -t formcheck .
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS wheel
ARG PIP_INDEX_URL
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .

FROM ${BASE}
ARG PIP_INDEX_URL
# What OpenCV and MediaPipe load and their wheels do not bring. No display, camera or sound: batches
# need none.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libegl1 libgl1 libgles2 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*

COPY --from=wheel /dist /dist
RUN pip install --no-cache-dir "formcheck[tables] @ file://$(ls /dist/formcheck-*.whl)"

# The pose model, for all users. FETCH_MODEL=no leaves it out, to be mounted there.
ENV XDG_CACHE_HOME=/opt/cache
ARG FETCH_MODEL=yes
RUN mkdir -p /opt/cache/formcheck \
    && if [ "$FETCH_MODEL" = yes ]; then formcheck model fetch; fi \
    && chmod -R a+rX /opt/cache

# Whoever it runs as (docker run --user), nothing is written but to /results and /tmp.
RUN useradd --uid 10001 --create-home formcheck \
    && mkdir /clips /results && chown formcheck /results
ENV FORMCHECK_HISTORY=/results/history.sqlite3 \
    MPLCONFIGDIR=/tmp
USER formcheck
VOLUME ["/clips", "/results"]
WORKDIR /results
ENTRYPOINT ["formcheck"]
CMD ["batch", "/clips", "--out", "/results"]
