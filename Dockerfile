# extproc, the service alone. Build with BuildKit at the root of the repository:
#
#   docker build --build-arg BASE=python:3.13-slim@sha256:<digest> -t registry.example/extproc .
#
# The base is named by digest, so that the same sources give the same image. Take the digest
# that your registry shows for the tag and write it into the pipeline, not into this file.
ARG BASE=python:3.13-slim@sha256:REPLACE_WITH_THE_DIGEST_OF_YOUR_BASE
# `presidio` adds what policies need that name Presidio's own entity types or names of persons.
ARG REQUIREMENTS=runtime

FROM ${BASE} AS build
ARG REQUIREMENTS
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1
WORKDIR /src
# What rarely changes first. Wheels only: nothing is compiled, and no compiler is needed.
COPY requirements/${REQUIREMENTS}.txt requirements/build.txt requirements/
RUN python -m venv /build && /build/bin/pip install --require-hashes --only-binary :all: \
      -r requirements/build.txt
RUN python -m venv /opt/extproc && /opt/extproc/bin/pip install --require-hashes \
      --only-binary :all: -r requirements/${REQUIREMENTS}.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY protos protos
COPY policies policies
COPY models models
COPY extproc extproc
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/extproc/bin/pip install --no-deps --no-index /dist/*.whl \
 && /opt/extproc/bin/pip uninstall --yes pip \
 # Tests, C sources and type stubs of packages: nothing imports them, and they are a tenth of the size.
 && find /opt/extproc -type d -name tests -prune -exec rm -r {} + \
 && find /opt/extproc -type f -regex '.*\.\(pyi\|pyx\|pxd\|cpp\|c\|h\|hpp\)' -delete

FROM ${BASE}
# Where the environment was built is where it runs: its scripts name the interpreter by path.
COPY --from=build /opt/extproc /opt/extproc
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin extproc \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/extproc
ENV PATH=/opt/extproc/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EXTPROC_POLICIES=/etc/extproc/policies \
    EXTPROC_DATA_DIR=/var/lib/extproc \
    EXTPROC_LISTEN=127.0.0.1:50051 \
    EXTPROC_ADMIN_LISTEN=0.0.0.0:9464
USER 10001:10001
# The only place that is written to. Everything else may be read-only.
VOLUME ["/var/lib/extproc"]
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
# One process, which takes the signals itself: SIGTERM drains.
ENTRYPOINT ["extproc"]
CMD ["serve"]
