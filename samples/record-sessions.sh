# The sessions that record.sh records; it reads this file when its servers run.
# shellcheck shell=bash

t=telnet-unix

# -- Postfix, by hand --
screen $t/postfix-relay-denied.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
QUIT
END
screen $t/postfix-relay-accepted.txt telnet open.example.com 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
DATA
From: ann@example.org
To: someone@elsewhere.test
Date: Tue, 03 Mar 2026 10:02:11 +0100
Subject: relay test

If this arrives, the server relays for everybody.
.
QUIT
END
screen $t/postfix-relay-tricks-refused.txt telnet mail.example.com 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone%elsewhere.test@example.com>
RCPT TO:<elsewhere.test!someone>
RCPT TO:<"someone@elsewhere.test">
RCPT TO:<@example.com:someone@elsewhere.test>
QUIT
END
screen $t/smtp-sink-takes-any-order.txt telnet sink.example.com 25 <<'END'
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
DATA
From: ann@example.org
To: bob@example.com
Date: Tue, 03 Mar 2026 10:04:30 +0100
Subject: no hello

smtp-sink takes mail from who has not said hello.
.
QUIT
END
screen $t/postfix-syntax-errors.txt telnet mail.example.com 25 <<'END'
HELLO client.example.org
HELO
EHLO
HELO client.example.org
MAIL
MAIL FROM
MAIL FROM:
RCPT TO:<bob@example.com>
MAIL FROM:<ann@example.org>
MAIL FROM:<ann@example.org>
DATA
RCPT
RSET
VRFY bob@example.com
NOOP
HELP
QUIT
END
screen $t/postfix-strict-envelope.txt telnet strict.example.com 25 <<'END'
MAIL FROM:<ann@example.org>
HELO client.example.org
MAIL FROM:ann@example.org
MAIL FROM:<ann@example.org>
QUIT
END
screen $t/postfix-too-many-errors-421.txt telnet strict.example.com 25 <<'END'
EHLO client.example.org
FOO
BAR
BAZ
QUX
NOOP
END
screen $t/postfix-idle-timeout-421.txt telnet strict.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
<wait 6>
END
screen $t/postfix-final-dot-missing.txt telnet strict.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
DATA
Subject: no end

Why does nothing happen?
quit
exit
<wait 6>
END
screen $t/postfix-final-dot-missing-client-leaves.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
DATA
Subject: no end

Why does nothing happen?
quit
\x1d
<prompt> quit
END
screen $t/postfix-size-exceeded-552.txt telnet strict.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org> SIZE=500000
QUIT
END
screen $t/postfix-too-many-recipients-452.txt telnet strict.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
RCPT TO:<ann@example.com>
RCPT TO:<postmaster@example.com>
QUIT
END
screen $t/postfix-refused-data-body-as-commands.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<nobody@example.com>
DATA
Hello Bob,
<now> are you there? The server does not know you.
<now> .
QUIT
END
screen $t/postfix-header-as-command.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<nobody@example.com>
DATA
Subject: hello
END
screen $t/postfix-pasted-group.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>\rRCPT TO:<nobody@example.com>\rRCPT TO:<bob@example.com>\rDATA
From: ann@example.org
To: bob@example.com
Date: Tue, 03 Mar 2026 10:02:11 +0100
Subject: pasted

250 lines were pasted at once
.
QUIT
END
screen $t/postfix-pasted-whole.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org\rMAIL FROM:<ann@example.org>\rRCPT TO:<bob@example.com>\rDATA\rSubject: pasted\r\rtext\r.\rQUIT
<wait 1>
END
screen $t/postfix-message-too-large-552.txt telnet strict.example.com 25 <<END
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
DATA
Subject: large

$(for line in $(seq 30); do echo "line $line of a message that is larger than this server takes, which is two thousand octets"; done)
.
QUIT
END
screen $t/postfix-bdat.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
BDAT 23 LAST
<now> Subject: bdat
<now> 
<now> text
QUIT
END
screen $t/postfix-bdat-one-octet-short.txt telnet mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
BDAT 22 LAST
<now> Subject: bdat
<now> 
<now> text
QUIT
END
screen $t/postfix-greylisted-450.txt telnet grey.example.com 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
QUIT
END
screen $t/postscreen-early-talker.txt telnet gate.example.com 25 <<'END'
<wait 0.5>
<now> EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
QUIT
END
screen $t/postscreen-new-client-450.txt telnet gate.example.com 25 <<'END'
<wait 3>
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
QUIT
END
screen $t/typed-before-greeting.txt telnet slow.example.net 25 <<'END'
<wait 0.5>
<now> EHLO client.example.org
<wait 3>
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.net>
QUIT
END
screen $t/exim-typed-before-greeting.txt telnet slow.example.com 25 <<'END'
<wait 0.5>
<now> EHLO client.example.org
END
screen $t/backspaces-and-a-typo.txt telnet mail.example.com 25 <<'END'
EHLP\x7fO client.example.org
MAIL FORM\x7f\x7f\x7f\x7fFROM:<ann@example.org>
RCTP TO:<bob@example.com>
RCPT TO:<bob@example.com>
QUIT
END
screen $t/http-get-at-postfix.txt telnet mail.example.com 25 <<'END'
GET / HTTP/1.1
END

# -- AUTH --
plain=$(printf '\0ann@example.com\0not-a-secret' | base64)
wrong=$(printf '\0ann@example.com\0wrong' | base64)
screen $t/auth-plain-initial-response.txt telnet mail.example.com 587 <<END
EHLO client.example.org
AUTH PLAIN $plain
MAIL FROM:<ann@example.com>
RCPT TO:<someone@elsewhere.test>
DATA
From: ann@example.com
To: someone@elsewhere.test
Date: Tue, 03 Mar 2026 10:02:11 +0100
Subject: authenticated

This may be relayed.
.
QUIT
END
screen $t/auth-plain-two-steps.txt telnet mail.example.com 587 <<END
EHLO client.example.org
AUTH PLAIN
$plain
QUIT
END
screen $t/auth-login.txt telnet mail.example.com 587 <<END
EHLO client.example.org
AUTH LOGIN
$(printf ann@example.com | base64)
$(printf not-a-secret | base64)
QUIT
END
screen $t/auth-wrong-password-535.txt telnet mail.example.com 587 <<END
EHLO client.example.org
AUTH PLAIN $wrong
AUTH LOGIN
$(printf ann@example.com | base64)
$(printf wrong | base64)
QUIT
END
screen $t/auth-cancelled.txt telnet mail.example.com 587 <<END
EHLO client.example.org
AUTH LOGIN
*
AUTH DIGEST-MD5
QUIT
END
screen $t/auth-only-under-tls.txt telnet mail.example.com 588 <<END
EHLO client.example.org
AUTH PLAIN $plain
QUIT
END
screen $t/starttls-required-530.txt telnet mail.example.com 589 <<END
EHLO client.example.org
MAIL FROM:<ann@example.org>
QUIT
END

# -- Exim, OpenSMTPD, aiosmtpd --
screen $t/exim-relay-not-permitted.txt telnet exim.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
RCPT TO:<nobody@example.com>
QUIT
END
screen $t/exim-order-and-syntax.txt telnet exim.example.com 25 <<'END'
FOO
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
MAIL FROM:<ann@example.org>
DATA
HELO client.example.org
VRFY bob
HELP
QUIT
END
screen $t/exim-refused-data-body-as-commands.txt telnet exim.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<nobody@example.com>
DATA
<now> Subject: hello
<now> 
<now> Hello Bob,
<now> .
<wait 1>
END
screen $t/opensmtpd-wrong-order.txt telnet bsd.example.com 25 <<'END'
MAIL FROM:<ann@example.org>
HELO
EHLO client.example.org
RCPT TO:<bob@example.com>
MAIL FROM:<ann@example.org>
MAIL FROM:<ann@example.org>
DATA
RCPT TO:<someone@elsewhere.test>
RCPT TO:<bob@example.com>
RSET
FOO
QUIT
END
screen $t/aiosmtpd-queued.txt telnet aio.example.com 25 <<'END'
EHLO client.example.org
VRFY bob@example.com
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
DATA
From: ann@example.org
To: bob@example.com
Date: Tue, 03 Mar 2026 10:02:11 +0100
Subject: dots

..a line with a dot
.
QUIT
END

# -- stand-ins --
screen $t/pix-masked-greeting.txt telnet pix.example.net 25 <<'END'
EHLO client.example.org
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.net>
QUIT
END
screen $t/asa-masked-keywords.txt telnet asa.example.net 25 <<'END'
EHLO client.example.org
STARTTLS
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.net>
QUIT
END
screen $t/exchange-order-and-syntax.txt telnet exchange.example.net 25 <<'END'
HELO
MAIL FROM:<ann@example.org>
HELLO client.example.org
EHLO client.example.org
RCPT TO:<bob@example.net>
MAIL FROM:<ann@example.org>
MAIL FROM:<carol@example.org>
DATA
VRFY bob
RSET
QUIT
END
screen $t/exchange-unable-to-relay.txt telnet inside.example.net 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
QUIT
END
screen $t/exchange-client-not-authenticated.txt telnet submission.example.net 587 <<END
EHLO client.example.org
MAIL FROM:<ann@example.net>
AUTH LOGIN
$(printf ann@example.net | base64)
$(printf not-a-secret | base64)
QUIT
END
screen $t/sendmail-relaying-denied.txt telnet relay.example.net 25 <<'END'
HELO client.example.org
MAIL FROM:<ann>
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
QUIT
END
screen $t/sendmail-vrfy-expn-help.txt telnet relay.example.net 25 <<'END'
EHLO client.example.org
VRFY bob
VRFY nobody
EXPN staff
HELP
QUIT
END
screen $t/greeting-554.txt telnet closed.example.net 25 <<'END'
EHLO client.example.org
QUIT
END
screen $t/greeting-421.txt telnet busy.example.net 25 < /dev/null
screen $t/dropped-after-dot.txt telnet drops.example.net 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: gone

text
.
END
screen $t/no-greeting-ever.txt telnet silent.example.net 25 <<'END'
<wait 1>
<now> EHLO client.example.org
<wait 1>
<now> \x1d
<prompt> quit
END
screen $t/greylisted-451.txt telnet greylist.example.net 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.net>
QUIT
END
screen not-smtp/telnet-to-ftp.txt telnet ftp.example.net 25 <<'END'
EHLO client.example.org
USER anonymous
PASS guest@example.org
PASV
QUIT
END
screen not-smtp/telnet-to-ssh.txt telnet ssh.example.net 25 <<'END'
<wait 1>
<now> EHLO client.example.org
END
screen not-smtp/telnet-to-web-server.txt telnet web.example.net 25 <<'END'
<wait 1>
<now> EHLO client.example.org
END

# -- no connection --
screen $t/refused-by-name.txt telnet nobody.example.net 25 < /dev/null
screen $t/host-not-found.txt telnet missing.example.net 25 < /dev/null
screen nc-ncat/nc-openbsd-refused.txt nc -v nobody.example.net 25 < /dev/null
screen nc-ncat/nc-openbsd-host-not-found.txt nc -v missing.example.net 25 < /dev/null
screen nc-ncat/nc-traditional-refused.txt nc.traditional -v nobody.example.net 25 < /dev/null
screen nc-ncat/ncat-refused.txt ncat -v nobody.example.net 25 < /dev/null
screen nc-ncat/ncat-host-not-found.txt ncat -v missing.example.net 25 < /dev/null
output swaks/host-not-found.txt swaks --server missing.example.net --from ann@example.org --to bob@example.com
output curl-verbose/host-not-found.txt curl -sv smtp://missing.example.net --mail-from ann@example.org --mail-rcpt bob@example.com
output openssl-s-client/host-not-found.txt openssl s_client -connect missing.example.net:465 -crlf
screen $t/connection-timed-out.txt telnet timeout.example.net 25 < /dev/null
screen nc-ncat/nc-openbsd-timed-out.txt nc -v -w 2 timeout.example.net 25 < /dev/null
screen nc-ncat/ncat-timed-out.txt ncat -v -w 2 timeout.example.net 25 < /dev/null
output swaks/connection-timed-out.txt swaks --server timeout.example.net --timeout 2 --from ann@example.org --to bob@example.com
output curl-verbose/connection-timed-out.txt curl -sv --connect-timeout 2 smtp://timeout.example.net --mail-from ann@example.org --mail-rcpt bob@example.com
output openssl-s-client/plain-port.txt openssl s_client -connect mail.example.com:25 -brief

# -- netcat --
screen nc-ncat/nc-openbsd-whole-session.txt nc -C mail.example.com 25 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
DATA
Subject: from nc

text
.
QUIT
END
screen nc-ncat/nc-traditional-lf-only.txt nc.traditional -v mail.example.com 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
QUIT
END
screen nc-ncat/ncat-relay-denied.txt ncat -C -v mail.example.com 25 <<'END'
HELO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
QUIT
END
output nc-ncat/piped-replies-only.txt bash -c \
    "printf 'EHLO client.example.org\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.com>\r\nQUIT\r\n' | nc -w 3 mail.example.com 25"

# -- openssl --
screen openssl-s-client/starttls-quiet-relayed.txt openssl s_client -starttls smtp -crlf -quiet -connect mail.example.com:587 <<END
EHLO client.example.org
AUTH PLAIN $plain
MAIL FROM:<ann@example.com>
RCPT TO:<someone@elsewhere.test>
DATA
From: ann@example.com
To: someone@elsewhere.test
Date: Tue, 03 Mar 2026 10:02:11 +0100
Subject: through TLS

text
.
QUIT
END
screen openssl-s-client/implicit-tls-full-preamble.txt openssl s_client -crlf -ign_eof -connect mail.example.com:465 <<'END'
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<someone@elsewhere.test>
QUIT
END
screen openssl-s-client/lower-case-rcpt-is-sent.txt openssl s_client -starttls smtp -crlf -connect mail.example.com:25 <<'END'
<wait 1>
<now> ehlo client.example.org
mail from:<ann@example.org>
rcpt to:<nobody@example.com>
quit
END

# -- swaks, curl --
output swaks/relay-accepted.txt swaks --server open.example.com --helo client.example.org --from ann@example.org --to someone@elsewhere.test
output swaks/relay-denied.txt swaks --server mail.example.com --helo client.example.org --from ann@example.org --to someone@elsewhere.test
output swaks/starttls-self-signed.txt swaks --tls --server mail.example.com --helo client.example.org --from ann@example.org --to bob@example.com
output swaks/wrong-password.txt swaks --server mail.example.com:587 --helo client.example.org --auth PLAIN --auth-user ann@example.com --auth-password wrong --from ann@example.com --to bob@example.com
output swaks/pipelined-all-refused.txt swaks --pipeline --server mail.example.com --helo client.example.org --from ann@example.org --to nobody@example.com
output swaks/masked-greeting.txt swaks --server pix.example.net --helo client.example.org --from ann@example.org --to bob@example.net --quit-after RCPT
output swaks/masked-keywords.txt swaks --server asa.example.net --helo client.example.org --from ann@example.org --to bob@example.net --quit-after RCPT
output curl-verbose/certificate-refused.txt curl -sv --ssl-reqd smtp://mail.example.com:587/client.example.org --mail-from ann@example.com --mail-rcpt bob@example.com

# -- a shell in script(1), an expect run --
screen script.out script -q -c 'bash --norc --noprofile -i' typescript <<'END'
<prompt> telnet mail.example.com 25
EHLO client.example.orh\x7fg
MAIL FROM:<ann@exmaple\x7f\x7f\x7f\x7f\x7fample.org>
RCPT TO:<someone@elsewhere.test>
QUIT
<prompt> telnet mail.example.com 25
EHLO client.example.org
MAIL FROM:<ann@example.org>
RCPT TO:<bob@example.com>
QUIT
<prompt> exit
END
rm -f "$destination/script.out"
mv typescript "$destination/$t/script-two-sessions-with-backspaces.txt"
cat > session.exp <<'END'
set timeout 5
spawn telnet mail.example.com 25
expect "220 "
send "HELO client.example.org\r"
expect "250 "
send "MAIL FROM:<ann@example.org>\r"
expect "250 "
send "RCPT TO:<someone@elsewhere.test>\r"
expect -re {[245][0-9][0-9] }
send "QUIT\r"
expect eof
END
output $t/expect-run.txt expect -f session.exp
