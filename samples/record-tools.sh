#!/bin/bash
# Records the samples that README.md names as recorded by this script: what clients, libraries, servers and tracing tools write
# that record.sh does not have.
#
# usage: record-tools.sh [DESTINATION]        as root on a Debian machine; default destination: the folder of this script
#
# Like record.sh it runs in namespaces of its own: what it installs lands in memory and is gone at the end, and while it records
# there is no network but a loopback. Only the first step, fetching packages, needs a network. Takes about three minutes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
stage=${RECORD_STAGE:-start}

if [ "$stage" = start ]; then
    [ "$(id -u)" = 0 ] || { echo "record-tools.sh: needs root" >&2; exit 2; }
    RECORD_DESTINATION=$(mkdir -p "${1:-$here}" && cd "${1:-$here}" && pwd)
    RECORD_WORK=$(mktemp -d /tmp/record-tools.XXXXXX)
    export RECORD_DESTINATION RECORD_WORK
    trap 'rm -rf "$RECORD_WORK"' EXIT
    RECORD_STAGE=install timeout --kill-after=10 1200 unshare --mount bash "$here/$(basename "$0")"
    exit
fi

if [ "$stage" = install ]; then
    mount --make-rprivate /
    mount -t tmpfs -o size=4g tmpfs "$RECORD_WORK"
    for folder in etc var usr; do
        mkdir -p "$RECORD_WORK/$folder.upper" "$RECORD_WORK/$folder.work"
        mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$RECORD_WORK/$folder.upper,workdir=$RECORD_WORK/$folder.work" "/$folder"
    done
    export DEBIAN_FRONTEND=noninteractive
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    {
        apt-get update
        apt-get install -y --no-install-recommends python3-aiosmtpd tcllib emacs-nox nmh msmtp strace swaks neomutt s-nail monit medusa hydra curl \
            libemail-sender-perl libnet-smtps-perl libio-socket-ssl-perl php-cli php-mail php-net-smtp php-swiftmailer php-egulias-email-validator \
            php-doctrine-lexer libetpan-dev gcc libc6-dev chasquid ucspi-tcp socat openssl iproute2 procps
        if ! command -v npm; then apt-get install -y --no-install-recommends npm; fi
        mkdir "$RECORD_WORK/haraka"
        cd "$RECORD_WORK/haraka"
        npm install --no-audit --no-fund Haraka@3.3.4
    } > "$RECORD_WORK/install.log" 2>&1 || { tail -20 "$RECORD_WORK/install.log" >&2; exit 1; }
    RECORD_STAGE=record exec unshare --net --uts --pid --fork --kill-child --mount-proc bash "$here/$(basename "$0")"
fi

# ---- from here on: no network, own processes, /etc /usr /var in memory ----
cd "$RECORD_WORK"
export HOME=$RECORD_WORK/home
mkdir -p "$HOME/Mail"
ip link set lo up
echo client.example.org > /proc/sys/kernel/hostname
printf '127.0.0.1 client.example.org localhost mail.example.com\n' > /etc/hosts
echo 'nameserver 192.0.2.53' > /etc/resolv.conf
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 30 -subj /CN=mail.example.com \
    -addext subjectAltName=DNS:mail.example.com 2>/dev/null
/usr/bin/python3 "$here/recording-server.py" certificate.pem key.pem 2>server.log &
sleep 2

to() { # SAMPLE COMMAND...: what the command prints; that it may fail is what some samples are about
    local file=$RECORD_DESTINATION/$1
    shift
    mkdir -p "$(dirname "$file")"
    timeout 60 "$@" > "$file" 2>&1 < "${input:-/dev/null}" || true
}

cat > message <<'END'
From: Alice <alice@example.org>
To: bob@example.com
Subject: hello
Date: Tue, 03 Mar 2026 10:02:11 +0100

Hi Bob,
.a line with a dot
END

# -- Tcl --
cat > send.tcl <<'END'
package require smtp
package require mime
set token [mime::initialize -canonical text/plain -string "Hi Bob\nsecond line\n"]
mime::setheader $token Subject hello
smtp::sendmessage $token -originator alice@example.org -recipients [lindex $argv 0] -servers 127.0.0.1 -ports 2525 -debug 1 -usetls 0 -header {From alice@example.org}
END
to tcllib-smtp/queued.txt tclsh send.tcl bob@example.com
to tcllib-smtp/recipient-refused.txt tclsh send.tcl bob@example.com,nobody@example.com

# -- Emacs: the buffer that it keeps of a session --
cat > send.el <<'END'
(require 'smtpmail)
(setq smtpmail-debug-info t smtpmail-smtp-server "127.0.0.1" smtpmail-smtp-service 2525
      send-mail-function 'smtpmail-send-it user-mail-address "alice@example.org")
(with-temp-buffer
  (insert "From: alice@example.org\nTo: bob@example.com\nSubject: hello\n" mail-header-separator "\nHi Bob,\n")
  (smtpmail-send-it))
(dolist (buffer (buffer-list))
  (when (string-match "trace of SMTP" (buffer-name buffer))
    (with-current-buffer buffer (princ (buffer-string)))))
END
mkdir -p "$RECORD_DESTINATION/raw-unmarked"
timeout 60 emacs --batch --no-site-file --load send.el > "$RECORD_DESTINATION/raw-unmarked/emacs-smtpmail.txt" 2>/dev/null

# -- nmh --
echo "Path: Mail" > "$HOME/.mh_profile"
for name in bob nobody; do grep -v ^Date: message | sed "s/bob@/$name@/" > "$HOME/Mail/draft.$name"; done
to unknown-marks/nmh-snoop.txt /usr/bin/mh/send -server 127.0.0.1 -port 2525 -mts smtp -snoop "$HOME/Mail/draft.bob"
to unknown-marks/nmh-snoop-refused.txt /usr/bin/mh/send -server 127.0.0.1 -port 2525 -mts smtp -snoop "$HOME/Mail/draft.nobody"

# -- monit --
cat > monitrc <<'END'
set daemon 30
set mailserver 127.0.0.1 port 2525
set alert nobody@example.com
check host mail with address 127.0.0.1
  if failed port 2525 protocol smtp then alert
END
chmod 600 monitrc
mkdir -p "$RECORD_DESTINATION/unknown-marks"
timeout 5 monit -Ivv -c "$PWD/monitrc" 2>&1 | grep -v '^Cannot read proc\|/tmp/' > "$RECORD_DESTINATION/unknown-marks/monit.txt" || true

# -- libEtPan --
cat > send.c <<'END'
#include <libetpan/libetpan.h>
#include <string.h>
int main(int argc, char **argv) {
    const char *text = "From: alice@example.org\r\nTo: bob@example.com\r\nSubject: hello\r\n\r\nHi Bob,\r\n.a line with a dot\r\n";
    mailsmtp *session = mailsmtp_new(0, NULL);
    mailstream_debug = 1;
    mailsmtp_socket_connect(session, "127.0.0.1", 2525);
    mailesmtp_ehlo(session);
    mailsmtp_mail(session, "alice@example.org");
    if (mailsmtp_rcpt(session, argv[1]) == MAILSMTP_NO_ERROR) {
        mailsmtp_data(session);
        mailsmtp_data_message(session, text, strlen(text));
    }
    mailsmtp_quit(session);
    return 0;
}
END
gcc -o send send.c -letpan
for name in bob nobody; do
    rm -f libetpan-stream-debug.log
    ./send "$name@example.com"
    mkdir -p "$RECORD_DESTINATION/libetpan"
    mv libetpan-stream-debug.log "$RECORD_DESTINATION/libetpan/to-$name.txt"
done

# -- strace --
mkdir -p "$RECORD_DESTINATION/strace"
client() { # RECIPIENT STRACE-OPTION...
    local recipient=$1
    shift
    strace "$@" msmtp --host=127.0.0.1 --port=2525 --auth=off --tls=off --from=alice@example.org "$recipient" < message 2>/dev/null || true
}
client bob@example.com -f -e trace=network,read,write,close -s 200 -o "$RECORD_DESTINATION/strace/queued.txt"
client nobody@example.com -tt -y -e trace=network -o "$RECORD_DESTINATION/strace/texts-cut.txt"
strace -e trace=network,write -s 500 -o "$RECORD_DESTINATION/strace/swaks-and-its-terminal.txt" \
    swaks -s 127.0.0.1 -p 2525 -f alice@example.org -t nobody@example.com > /dev/null 2>&1 || true
strace -e trace=network -o "$RECORD_DESTINATION/strace/connection-refused.txt" \
    msmtp --host=127.0.0.1 --port=587 --auth=off --tls=off --from=alice@example.org bob@example.com < message > /dev/null 2>&1 || true

# -- NeoMutt, S-nail --
input=message to neomutt.out neomutt -n -d5 -l neomutt.log -e 'set smtp_url=smtp://127.0.0.1:2525/ from=alice@example.org ssl_starttls=no ssl_force_tls=no realname=Alice copy=no' -s hello nobody@example.com
rm -f "$RECORD_DESTINATION/neomutt.out"
mkdir -p "$RECORD_DESTINATION/mutt-debug"
cp neomutt.log0 "$RECORD_DESTINATION/mutt-debug/neomutt.txt"
input=message to s-nail/verbose-once-recipient-refused.txt s-nail -n -v -S v15-compat -S mta=smtp://127.0.0.1:2525 -S smtp-auth=none \
    -s hello -r alice@example.org nobody@example.com

# -- Perl --
to perl-net-cmd/login-refused-decoded.txt perl -MEmail::Sender::Simple=sendmail -MEmail::Sender::Transport::SMTP -e '
    sendmail("From: alice\@example.org\nTo: bob\@example.com\nSubject: hello\n\nhi\n", { transport => Email::Sender::Transport::SMTP->new(
        { host => "127.0.0.1", port => 2525, debug => 1, sasl_username => "user", sasl_password => "wrong" }) })'
to perl-net-cmd/net-smtps.txt perl -MNet::SMTPS -e '
    my $smtp = Net::SMTPS->new("127.0.0.1", Port => 2526, doSSL => "starttls", SSL_verify_mode => 0, Debug => 1) or die $@;
    $smtp->auth("user", "pass", "PLAIN");
    $smtp->mail("alice\@example.org");
    $smtp->to("bob\@example.com", "nobody\@example.com", { SkipBad => 1 });
    $smtp->data; $smtp->datasend("From: alice\@example.org\nDate: Tue, 03 Mar 2026 10:02:11 +0100\nSubject: hello\n\nhi\n"); $smtp->dataend;
    $smtp->quit'

# -- Swift Mailer --
cat > send.php <<'END'
<?php
error_reporting(0);
require_once '/usr/share/php/Egulias/EmailValidator/autoload.php';
require_once '/usr/share/php/Swift/swift_required.php';
$transport = new Swift_SmtpTransport('127.0.0.1', (int) $argv[2]);
$mailer = new Swift_Mailer($transport);
$logger = new Swift_Plugins_Loggers_ArrayLogger();
$mailer->registerPlugin(new Swift_Plugins_LoggerPlugin($logger));
$message = (new Swift_Message('hello'))->setFrom('alice@example.org')->setTo([$argv[1], 'carol@example.com'])->setBody("Hi\n.dot\n");
try { $mailer->send($message); } catch (Exception $error) { echo get_class($error), ': ', $error->getMessage(), "\n"; exit; }
echo $logger->dump();
END
to swiftmailer/one-recipient-refused.txt php send.php nobody@example.com 2525
to swiftmailer/connection-refused.txt php send.php bob@example.com 2599

# -- PEAR's Mail, and curl where it records nothing --
to client-error/pear-recipient.txt php -d error_reporting=0 -r '
    require "Mail.php";
    $sent = Mail::factory("smtp", ["host" => "127.0.0.1", "port" => 2525])
        ->send("nobody@example.com", ["From" => "alice@example.org", "Subject" => "hello"], "hi\n");
    echo PEAR::isError($sent) ? $sent->getMessage() : "sent", "\n";'
to client-error/curl-recipient.txt curl -sS --max-time 10 smtp://127.0.0.1:2525/client.example.org --mail-from alice@example.org \
    --mail-rcpt nobody@example.com -T message

# -- a server that hangs up on the message --
/usr/bin/python3 "$here/scripted-server.py" 127.0.0.1 2540 "$here/scripts/drops.txt" 2>/dev/null &
server=$!
sleep 1
to curl-verbose/dropped-after-dot.txt curl -sSv --max-time 10 smtp://127.0.0.1:2540/client.example.org --mail-from alice@example.org \
    --mail-rcpt bob@example.com -T message
to perl-net-cmd/dropped-after-dot.txt perl -MNet::SMTP -e '
    my $smtp = Net::SMTP->new("127.0.0.1", Port => 2540, Hello => "client.example.org", Debug => 1) or die $@;
    $smtp->mail("alice\@example.org");
    $smtp->to("bob\@example.com");
    $smtp->data("From: alice\@example.org\nDate: Tue, 03 Mar 2026 10:02:11 +0100\nSubject: hello\n\nhi\n") or die "data: ", $smtp->message'
kill "$server"

# -- programs that try logins --
to medusa/login-refused.txt medusa -h 127.0.0.1 -n 2525 -u user -p wrong -M smtp -v 6 -w 10
printf 'wrong\npass\n' > passwords
to hydra/two-passwords.txt hydra -l user -P passwords -s 2525 -d -t 1 127.0.0.1 smtp

# -- recordio --
tcpserver -v 127.0.0.1 2531 recordio sh -c 'exec socat - TCP:127.0.0.1:2525' > recordio.log 2>&1 &
sleep 1
swaks -s 127.0.0.1 -p 2531 -f alice@example.org -t bob@example.com > /dev/null 2>&1 &
first=$!
swaks -s 127.0.0.1 -p 2531 -f alice@example.org -t nobody@example.com > /dev/null 2>&1 || true
wait "$first" || true
sleep 1
mkdir -p "$RECORD_DESTINATION/recordio"
cp recordio.log "$RECORD_DESTINATION/recordio/two-at-once.txt"

# -- chasquid --
mkdir -p chasquid/domains/example.com chasquid/certs/x chasquid/data "$RECORD_DESTINATION/chasquid"
cp certificate.pem chasquid/certs/x/fullchain.pem
cp key.pem chasquid/certs/x/privkey.pem
cat > chasquid/chasquid.conf <<END
hostname: "mail.example.com"
smtp_address: "127.0.0.1:2532"
submission_address: "127.0.0.1:2533"
data_dir: "$PWD/chasquid/data"
mail_log_path: "$PWD/chasquid/mail.log"
dovecot_auth: false
END
chasquid -config_dir="$PWD/chasquid" -v=9 -logtime -alsologtostderr 2> chasquid.log &
server=$!
sleep 2
swaks -s 127.0.0.1 -p 2532 -f alice@example.org -t bob@example.com > /dev/null 2>&1 || true
swaks -s 127.0.0.1 -p 2532 -f alice@example.org -t bob@example.net > /dev/null 2>&1 || true
kill "$server"
grep 'SMTP.Conn\|SPF\|aliases' chasquid.log > "$RECORD_DESTINATION/chasquid/refusals.txt"

# -- Haraka --
export PATH=$PATH:$RECORD_WORK/haraka/node_modules/.bin
haraka -i "$PWD/served" > /dev/null 2>&1
printf 'listen=127.0.0.1:2530\nnodes=0\n' > served/config/smtp.ini
printf '[main]\nlevel=protocol\ntimestamps=true\n' > served/config/log.ini
echo LOGPROTOCOL > served/config/loglevel
echo example.com > served/config/host_list
printf 'rcpt_to.in_host_list\nauth/flat_file\nqueue/test\n' > served/config/plugins
printf '[core]\nmethods=PLAIN,LOGIN,CRAM-MD5\n[users]\nuser=pass\n' > served/config/auth_flat_file.ini
haraka -c "$PWD/served" > haraka.log 2>&1 &
server=$!
sleep 4
talk() { swaks -s 127.0.0.1 -p 2530 -f alice@example.org "$@" > /dev/null 2>&1 || true; }
talk -t bob@example.com &
talk -t bob@example.net &
wait %+ || true
talk -t bob@example.com --auth CRAM-MD5 --auth-user user --auth-password pass
talk -t bob@example.com --auth LOGIN --auth-user user --auth-password wrong
sleep 1
kill "$server"
mkdir -p "$RECORD_DESTINATION/haraka"
grep -v '^[^ ]* \[DEBUG\] \[-\]\|/tmp/' haraka.log > "$RECORD_DESTINATION/haraka/protocol.txt"
