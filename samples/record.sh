#!/bin/bash
# Records the samples that README.md names as recorded by this script.
#
# usage: record.sh [DESTINATION]        as root on a Debian machine; default destination: the folder of this script
#
# It runs in namespaces of its own: everything that it installs or writes below /etc, /usr and /var lands in memory and is gone
# at the end, and the recording itself has no network but a loopback that carries addresses of the documentation ranges
# (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24). Only the first step, fetching Debian packages, needs a network.
# Takes about three minutes; gives up after twenty.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
stage=${RECORD_STAGE:-start}

if [ "$stage" = start ]; then
    [ "$(id -u)" = 0 ] || { echo "record.sh: needs root" >&2; exit 2; }
    RECORD_DESTINATION=$(mkdir -p "${1:-$here}" && cd "${1:-$here}" && pwd)
    RECORD_WORK=$(mktemp -d /tmp/record-samples.XXXXXX)
    export RECORD_DESTINATION RECORD_WORK
    trap 'rm -rf "$RECORD_WORK"' EXIT
    RECORD_STAGE=install timeout --kill-after=10 1200 unshare --mount bash "$here/$(basename "$0")"
    exit
fi

if [ "$stage" = install ]; then
    mount --make-rprivate /
    mount -t tmpfs -o size=1500m tmpfs "$RECORD_WORK"
    for folder in etc var usr; do
        mkdir -p "$RECORD_WORK/$folder.upper" "$RECORD_WORK/$folder.work"
        mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$RECORD_WORK/$folder.upper,workdir=$RECORD_WORK/$folder.work" "/$folder"
    done
    export DEBIAN_FRONTEND=noninteractive
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    {
        apt-get update
        apt-get install -y --no-install-recommends postfix sasl2-bin libsasl2-modules inetutils-telnet netcat-openbsd \
            netcat-traditional ncat openssl swaks libnet-ssleay-perl libauthen-sasl-perl expect bsdutils curl python3 \
            python3-aiosmtpd iproute2 procps libgnutls-dane0 libidn12 libnsl2 libpcre2-8-0 libdb5.3 libevent-2.1-7 libpam0g
        mkdir "$RECORD_WORK/debs"
        cd "$RECORD_WORK/debs"
        # a machine has one MTA package at a time: the other two servers are unpacked beside it and run from there
        apt-get download exim4-base exim4-daemon-light opensmtpd
        for package in *.deb; do dpkg -x "$package" "$RECORD_WORK/unpacked"; done
    } > "$RECORD_WORK/install.log" 2>&1 || { tail -20 "$RECORD_WORK/install.log" >&2; exit 1; }
    update-alternatives --set nc /bin/nc.openbsd > /dev/null
    cp "$RECORD_WORK/unpacked/usr/sbin/exim4" "$RECORD_WORK/unpacked/usr/sbin/smtpd" "$RECORD_WORK/unpacked/usr/sbin/smtpctl" /usr/sbin/
    cp -r "$RECORD_WORK"/unpacked/usr/lib/. /usr/lib/
    RECORD_STAGE=record exec unshare --net --uts --pid --fork --kill-child --mount-proc bash "$here/$(basename "$0")"
fi

# ---- from here on: no network, own processes, /etc /usr /var in memory ----
cd "$RECORD_WORK"
destination=$RECORD_DESTINATION
client=198.51.100.77

ip link set lo up
echo client.example.org > /proc/sys/kernel/hostname
# every server has an address; the kernel uses the client's address as the source towards all of them
name() { # ADDRESS NAME
    ip addr add "$1/32" dev lo
    ip route replace local "$1" dev lo src "$client" table local
    echo "$1 $2" >> hosts
}
printf '127.0.0.1 localhost\n%s client.example.org client\n' "$client" > hosts
ip addr add "$client/32" dev lo
name 192.0.2.25 mail.example.com       # Postfix, as it should be
name 192.0.2.26 open.example.com       # Postfix, an open relay
name 192.0.2.27 strict.example.com     # Postfix, low limits
name 192.0.2.28 grey.example.com       # Postfix, greylisting everybody
name 192.0.2.29 gate.example.com       # Postfix postscreen
name 192.0.2.35 exim.example.com       # Exim
name 192.0.2.36 slow.example.com       # Exim that greets after two seconds
name 192.0.2.45 bsd.example.com        # OpenSMTPD
name 192.0.2.55 aio.example.com        # aiosmtpd
name 192.0.2.65 sink.example.com       # Postfix's smtp-sink, which takes commands in any order
name 203.0.113.10 pix.example.net      # stand-ins from here on
name 203.0.113.11 asa.example.net
name 203.0.113.12 exchange.example.net
name 203.0.113.13 submission.example.net
name 203.0.113.14 relay.example.net
name 203.0.113.15 closed.example.net
name 203.0.113.16 busy.example.net
name 203.0.113.17 drops.example.net
name 203.0.113.18 silent.example.net
name 203.0.113.19 greylist.example.net
name 203.0.113.20 slow.example.net
name 203.0.113.24 inside.example.net
name 203.0.113.21 ftp.example.net
name 203.0.113.22 ssh.example.net
name 203.0.113.23 web.example.net
name 203.0.113.30 nobody.example.net   # nothing listens
name 203.0.113.99 timeout.example.net  # listens, but its queue is full: a connection attempt is never answered
echo 1 > /proc/sys/net/ipv4/tcp_syn_retries
cat hosts > /etc/hosts
echo mail.example.com > /etc/mailname
echo 'hosts: files' > /etc/nsswitch.conf.new
grep -v '^hosts:' /etc/nsswitch.conf >> /etc/nsswitch.conf.new
mv /etc/nsswitch.conf.new /etc/nsswitch.conf

# ---- servers ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 30 -subj /CN=mail.example.com \
    -addext subjectAltName=DNS:mail.example.com 2>/dev/null
chmod 755 "$RECORD_WORK"

postfix_servers() {
    cat > /etc/postfix/main.cf <<END
compatibility_level = 3.6
myhostname = mail.example.com
mydestination =
inet_protocols = ipv4
virtual_mailbox_domains = example.com
virtual_mailbox_maps = inline:{ {bob@example.com = x}, {ann@example.com = x}, {postmaster@example.com = x} }
virtual_transport = discard:
default_transport = discard:
local_transport = discard:
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_error_sleep_time = 0
smtpd_peername_lookup = yes
smtpd_tls_cert_file = $RECORD_WORK/certificate.pem
smtpd_tls_key_file = $RECORD_WORK/key.pem
smtpd_tls_security_level = may
smtpd_sasl_local_domain = example.com
maillog_file = /var/log/postfix-samples.log
END
    cat > /etc/postfix/master.cf <<END
192.0.2.25:25   inet n - n - - smtpd
192.0.2.25:587  inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes
192.0.2.25:588  inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
192.0.2.25:589  inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
192.0.2.25:465  inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_wrappermode=yes
192.0.2.26:25   inet n - n - - smtpd -o mynetworks=0.0.0.0/0 -o myhostname=open.example.com
192.0.2.27:25   inet n - n - - smtpd -o smtpd_soft_error_limit=2 -o smtpd_hard_error_limit=4 -o smtpd_timeout=4s -o smtpd_helo_required=yes -o strict_rfc821_envelopes=yes -o smtpd_recipient_limit=2 -o message_size_limit=2000 -o myhostname=strict.example.com
192.0.2.28:25   inet n - n - - smtpd -o { smtpd_recipient_restrictions = check_client_access static:{450 4.2.0 Greylisted, see you in 300 seconds} } -o myhostname=grey.example.com
192.0.2.29:25   inet n - n - 1 postscreen -o postscreen_greet_action=enforce -o postscreen_greet_wait=2s -o postscreen_access_list= -o postscreen_pipelining_enable=yes -o myhostname=gate.example.com
smtpd     pass  -       -       n       -       -       smtpd
dnsblog   unix  -       -       n       -       0       dnsblog
tlsproxy  unix  -       -       n       -       0       tlsproxy
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
proxymap  unix  -       -       n       -       -       proxymap
error     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
END
    mkdir -p /etc/postfix/sasl
    printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN CRAM-MD5\n' > /etc/postfix/sasl/smtpd.conf
    echo not-a-secret | saslpasswd2 -p -c -u example.com ann
    chown postfix /etc/sasldb2
    postfix start > postfix.log 2>&1
}

exim_server() {
    getent passwd Debian-exim > /dev/null || useradd --system --home-dir /var/spool/exim4 --shell /usr/sbin/nologin Debian-exim
    mkdir -p /etc/exim4 /var/spool/exim4 /var/log/exim4
    chown -R Debian-exim: /var/spool/exim4 /var/log/exim4
    cat > /etc/exim4/exim4.conf <<'END'
primary_hostname = exim.example.com
domainlist local_domains = example.com
local_interfaces = 192.0.2.35 : 192.0.2.36
daemon_smtp_ports = 25
acl_smtp_connect = acl_connect
acl_smtp_rcpt = acl_rcpt
acl_smtp_vrfy = deny
queue_only = true
host_lookup =
keep_environment =
tls_advertise_hosts =
pipelining_connect_advertise_hosts =
begin acl
acl_connect:
  accept condition = ${if eq{$received_ip_address}{192.0.2.36}}
         delay = 2s
  accept
acl_rcpt:
  accept domains = +local_domains
         local_parts = bob : ann : postmaster
  deny   domains = +local_domains
         message = no such user here
  deny   message = relay not permitted
begin routers
begin transports
END
    exim4 -bdf > exim.log 2>&1 &
}

opensmtpd_server() {
    for user in opensmtpd opensmtpq; do
        getent passwd "$user" > /dev/null || useradd --system --home-dir /run/opensmtpd --shell /usr/sbin/nologin "$user"
    done
    mkdir -p /run/opensmtpd /var/lib/opensmtpd/empty
    cat > opensmtpd.conf <<'END'
table people { "bob@example.com" = "root", "ann@example.com" = "root" }
listen on 192.0.2.45 port 25 hostname bsd.example.com
action "keep" mbox virtual <people>
match from any for domain "example.com" action "keep"
END
    smtpd -f opensmtpd.conf -d > opensmtpd.log 2>&1 &
}

stand_in() { /usr/bin/python3 "$here/scripted-server.py" "$1" "${3:-25}" "$here/scripts/$2.txt" > /dev/null 2>&1 & }

postfix_servers
exim_server
opensmtpd_server
/usr/bin/python3 -m aiosmtpd -n -l 192.0.2.55:25 > /dev/null 2>&1 &
/usr/sbin/smtp-sink -u nobody -h sink.example.com 192.0.2.65:25 20 > /dev/null 2>&1 &
stand_in 203.0.113.10 pix-fixup
stand_in 203.0.113.11 asa-inspect
stand_in 203.0.113.12 exchange
stand_in 203.0.113.13 exchange-submission 587
stand_in 203.0.113.14 sendmail
stand_in 203.0.113.15 no-service
stand_in 203.0.113.16 busy
stand_in 203.0.113.17 drops
stand_in 203.0.113.18 silent
stand_in 203.0.113.19 greylist
stand_in 203.0.113.20 slow-greeting
stand_in 203.0.113.21 ftp
stand_in 203.0.113.22 ssh
stand_in 203.0.113.23 http
stand_in 203.0.113.24 exchange-relay
/usr/bin/python3 -c '
import socket, time
full = socket.socket()
full.bind(("203.0.113.99", 25))
full.listen(0)
held = [socket.socket() for _ in range(3)]
for one in held:
    one.setblocking(False)
    one.connect_ex(("203.0.113.99", 25))
time.sleep(1200)' &
sleep 3

# ---- recording ----
screen() { # FILE COMMAND… < LINES: what the terminal showed
    mkdir -p "$destination/$(dirname "$1")"
    /usr/bin/python3 "$here/type-session.py" "$destination/$1" "${@:2}" || echo "record.sh: $1 failed" >&2
    echo "$1"
}
output() { # FILE COMMAND…: what a program that needs no typing wrote
    mkdir -p "$destination/$(dirname "$1")"
    timeout 30 "${@:2}" > "$destination/$1" 2>&1 < /dev/null || true
    echo "$1"
}

. "$here/record-sessions.sh"

postfix stop > /dev/null 2>&1 || true
