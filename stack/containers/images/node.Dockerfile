# What Node and k6 need to run beside the checkout, which is mounted: their C and C++ libraries, and what works on a network:
# `ip` to give the simulated partners an address each, iptables and `tc` to take parts of it away.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libstdc++6 libatomic1 iproute2 iptables ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
