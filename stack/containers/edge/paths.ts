/** Where an edge's agent keeps what nginx reads and writes, inside its container. */
const HOME = '/etc/nginx/edge'
const RUN = '/run/edge'
const LOGS = '/var/log/edge'

export const PATHS = {
  home: HOME, run: RUN, logs: LOGS,
  front: `${HOME}/front.conf`, tls: `${HOME}/tls.conf`, firewall: `${HOME}/firewall.conf`, waf: `${HOME}/waf.conf`,
  certificate: `${HOME}/certificate.pem`, key: `${HOME}/key.pem`,
  frontPid: `${RUN}/front.pid`, tlsPid: `${RUN}/tls.pid`, firewallPid: `${RUN}/firewall.pid`,
  firewallSocket: `${RUN}/firewall.sock`, frontInside: `${RUN}/front-inside.sock`, tlsInside: `${RUN}/tls-inside.sock`, firewallInside: `${RUN}/firewall-inside.sock`,
  /** While this file is there, every answer ends its connection. */
  closing: `${RUN}/closing`,
  access: `${LOGS}/access.ndjson`, audit: `${LOGS}/audit.ndjson`,
  coreRules: '/usr/share/modsecurity-crs/rules',
} as const
