# The wheel is built apart, so that the image that runs holds neither sources nor build tools.
FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.11-slim
RUN useradd --system --uid 10486 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin a486 \
    && install --directory --owner=a486 --group=a486 --mode=0700 /data

# One layer: the wheel itself stays out of the image. Only the server's dependencies, at the versions that were tested.
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    --mount=type=bind,source=constraints.txt,target=/constraints.txt \
    wheel="$(echo /wheels/a486-*.whl)" \
    && python -m pip install --no-cache-dir --constraint /constraints.txt "$wheel[server]"

ENV PYTHONUNBUFFERED=1 \
    A486_DATA=/data \
    A486_LISTEN_HOST=0.0.0.0 \
    A486_LOG_FORMAT=json
USER a486
WORKDIR /data
# Database, register of supplies and keys, where the database is SQLite; the keys alone, where it is PostgreSQL.
VOLUME /data
EXPOSE 8486
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 CMD ["a486", "health"]
ENTRYPOINT ["a486"]
CMD ["serve"]
