# An edge: nginx with ModSecurity and the OWASP core rule set, all as Debian packages them. Code and Node come from the checkout, mounted at /app.
FROM debian:bookworm-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx libnginx-mod-http-modsecurity modsecurity-crs \
 && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled/*
