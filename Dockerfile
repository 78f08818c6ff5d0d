# The bot in two stages: what builds it stays out of what runs.
FROM python:3.13-slim-bookworm AS build
RUN python -m pip install --no-cache-dir uv==0.13.9
WORKDIR /src
COPY requirements.lock ./
RUN uv venv /opt/nhacviec && \
    uv pip install --python /opt/nhacviec/bin/python --no-cache --require-hashes -r requirements.lock
COPY . .
RUN uv pip install --python /opt/nhacviec/bin/python --no-cache --no-deps .

FROM python:3.13-slim-bookworm
RUN groupadd --system --gid 10001 nhacviec && \
    useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin nhacviec && \
    install --directory --owner=nhacviec --group=nhacviec --mode=0700 /data
COPY --from=build /opt/nhacviec /opt/nhacviec
ENV PATH=/opt/nhacviec/bin:$PATH \
    PYTHONUTF8=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=2 CMD ["nhacviec", "health"]
ENTRYPOINT ["nhacviec"]
CMD ["run"]
