# PostgreSQL of Debian. The cluster is made when a container starts, with the password of its run.
FROM debian:bookworm-slim
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
 && apt-get update \
 && apt-get install -y --no-install-recommends postgresql-15 \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
COPY start-postgres /usr/local/bin/start-postgres
USER postgres
ENTRYPOINT ["/usr/local/bin/start-postgres"]
