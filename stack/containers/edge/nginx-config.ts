/**
 * The nginx of one edge, each a server of its own. The front one keeps the clients' connections, the access log and the error bodies, and no tuning reloads it; the firewall
 * behind it, over a unix socket, has ModSecurity and the way to the portal, and is reloaded for each tuning without any client noticing.
 * (In one nginx an error page would lose the firewall's audit entry, and a reload would close every client's idle connection.) Partners come to a front of their own, over
 * TLS: it is the same but for that, and is reloaded for another certificate, which ends the connections that were made under the one before.
 * The firewall tells the front what happened by a status that no portal has; a portal's own answers go through as they are. Where a connection broke
 * after the request was on its way, the client's is reset, because nobody knows then whether the portal did the work. Nothing is tried twice.
 */
import type { EdgeAgentConfig, TlsConfig } from './config.ts'
import { PATHS } from './paths.ts'

/** From the firewall to the front and inside it, never further. */
export const SIGNAL = { blocked: 470, unavailable: 471, timeout: 472, broken: 473, closing: 474, noPath: 475 } as const

/** Idle connections to the portal are given up before its services do so (75 s), or a request could meet a closing one. */
const PORTAL_IDLE = '60s'
/** The firewall knows first that the portal is silent. */
const FIREWALL_TIMEOUT_EXTRA_MS = 5_000

export function frontConfig(config: EdgeAgentConfig): string {
  return front(config, { pid: PATHS.frontPid, inside: PATHS.frontInside, listen: `listen ${config.port} backlog=4096;` })
}

/** A connection that goes on from an earlier one is shown no certificate: there are none. */
export function tlsFrontConfig(config: EdgeAgentConfig, { port }: Pick<TlsConfig, 'port'>): string {
  return front(config, {
    pid: PATHS.tlsPid, inside: PATHS.tlsInside, listen: `listen ${port} ssl backlog=4096;
    ssl_certificate ${PATHS.certificate};
    ssl_certificate_key ${PATHS.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets off;`,
  })
}

function front(config: EdgeAgentConfig, { pid, inside, listen }: { pid: string; inside: string; listen: string }): string {
  const timeout = `${config.upstreamTimeoutMs + FIREWALL_TIMEOUT_EXTRA_MS}ms`
  const forward = `
      error_page ${SIGNAL.blocked} =403 /edge-answer/blocked;
      error_page ${SIGNAL.unavailable} =502 /edge-answer/unavailable;
      error_page ${SIGNAL.timeout} =504 /edge-answer/timeout;
      error_page ${SIGNAL.broken} /edge-answer/broken;
      proxy_intercept_errors on;
      proxy_pass http://unix:${PATHS.firewallSocket}:;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection close;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_request_buffering off;
      proxy_read_timeout ${timeout};
      proxy_send_timeout ${timeout};
      proxy_next_upstream off;
      proxy_max_temp_file_size 0;
      proxy_buffers 16 16k;
      proxy_buffer_size 16k;
      proxy_busy_buffers_size 32k;`.trimStart()
  return `
${common(pid, 1)}
http {
  log_format edge escape=json '{"at":$msec,"s":$request_time,"op":"$http_x_op","status":"$status","line":"$request","remote":"$remote_addr","place":"$uri","done":"$request_completion","length":"$upstream_http_content_length","got":"$upstream_response_length"}';
  access_log off;
  ${HTTP_LIMITS}
  reset_timedout_connection on;
  client_header_timeout 60s;

  server {
    ${listen}
    access_log ${PATHS.access} edge;
    recursive_error_pages on;
    error_page 400 408 411 413 414 494 497 /edge-answer/invalid;

    location / {
      # Absolute and asterisk forms are for proxies and servers as a whole (RFC 9112, 3.2).
      if ($request ~ "^\\S+ [^/]") { return ${SIGNAL.noPath}; }
      if (-f ${PATHS.closing}) { return ${SIGNAL.closing}; }
      error_page ${SIGNAL.noPath} =400 /edge-answer/invalid;
      error_page ${SIGNAL.closing} = @closing;
      ${forward}
    }
    location @closing {
      keepalive_timeout 0;
      ${forward}
    }
    ${answers(config.id)}
  }
  server {
    listen unix:${inside};
    return 200 'serving';
  }
}
`.trimStart()
}

export function firewallConfig(config: EdgeAgentConfig, generation: number): string {
  const [address, port] = config.upstream.slice('http://'.length).split(':')
  const timeout = `${config.upstreamTimeoutMs}ms`
  return `
load_module modules/ndk_http_module.so;
load_module modules/ngx_http_modsecurity_module.so;
${common(PATHS.firewallPid, config.workers)}
http {
  access_log off;
  modsecurity_rules_file ${PATHS.waf};
  # The time at which the request came: the audit log itself has whole seconds.
  modsecurity_transaction_id "$msec-$request_id";
  ${HTTP_LIMITS}
  set_real_ip_from unix:;
  real_ip_header X-Forwarded-For;

  upstream portal {
    server ${address}:${port} max_fails=0;
    keepalive 256;
    keepalive_requests 1000000;
    keepalive_timeout ${PORTAL_IDLE};
  }
  # "-" where no connection was made; its time where one was.
  map "$upstream_connect_time $upstream_status" $failure {
    "~^- "          unavailable;
    "~^[0-9.]+ 504" timeout;
    default         broken;
  }

  server {
    listen unix:${PATHS.firewallSocket} backlog=4096;
    location / {
      modsecurity on;
      error_page 502 504 /failed;
      proxy_pass http://portal;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_connect_timeout 5s;
      proxy_send_timeout ${timeout};
      proxy_read_timeout ${timeout};
      proxy_next_upstream off;
      proxy_max_temp_file_size 0;
      proxy_buffers 16 16k;
      proxy_buffer_size 16k;
      proxy_busy_buffers_size 32k;
      proxy_pass_header Server;
      proxy_pass_header Date;
    }
    location = /failed {
      internal;
      if ($failure = unavailable) { return ${SIGNAL.unavailable}; }
      if ($failure = timeout) { return ${SIGNAL.timeout}; }
      return ${SIGNAL.broken};
    }
  }
  # For the agent alone: which configuration serves.
  server {
    listen unix:${PATHS.firewallInside};
    return 200 '${generation}';
  }
}
`.trimStart()
}

function common(pid: string, workers: number): string {
  return `daemon off;
user www-data;
pid ${pid};
worker_processes ${workers};
# A line for each rule that matches would say again what the audit log says.
error_log stderr crit;
events { worker_connections 8192; }`
}

const HTTP_LIMITS = `server_tokens off;
  default_type application/json;
  keepalive_timeout 75s;
  keepalive_time 24h;
  keepalive_requests 1000000;
  client_body_timeout 60s;
  send_timeout 60s;
  large_client_header_buffers 4 32k;
  underscores_in_headers on;
  client_max_body_size 64m;
  client_body_buffer_size 1m;
  merge_slashes off;`

/** What the edge itself says, by place; the place stands in the access log. */
function answers(id: string): string {
  const said = [
    ['invalid', 400, 'REQUEST_INVALID', 'the request is no valid HTTP request for a portal'],
    ['blocked', 403, 'WAF_BLOCKED', 'the request was blocked by the firewall'],
    ['unavailable', 502, 'UPSTREAM_UNAVAILABLE', 'the portal cannot be reached'],
    ['timeout', 504, 'UPSTREAM_TIMEOUT', 'the portal did not answer in time'],
  ] as const
  return [
    ...said.map(([place, status, code, message]) =>
      `location = /edge-answer/${place} { internal; add_header X-Served-By ${id} always; return ${status} '${JSON.stringify({ error: { code, message } })}'; }`),
    'location = /edge-answer/broken { internal; return 444; }',
  ].join('\n    ')
}
