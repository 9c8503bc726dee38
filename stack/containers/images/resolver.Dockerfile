# A region's resolver: Unbound as Debian packages it. Code and Node come from the checkout, mounted at /app.
FROM debian:bookworm-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends unbound \
 && rm -rf /var/lib/apt/lists/*
