//! The usual causes in other languages than English.

use super::super::{
    cause::Cause::{MailboxDisabled, MailboxFull, MailboxUnknown},
    row::{COMMON, Row, row},
    stage::{DATA, MESSAGE, RCPT},
};

/// Where a recipient is judged: gateways without a directory do it after the message.
const TO: u16 = RCPT | DATA | MESSAGE;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // German.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["(benutzer|empfaenger|empfänger|adressat|adresse|postfach|mailbox) (unbekannt|ist unbekannt|nicht bekannt|ist nicht bekannt|existiert nicht|nicht gefunden|ungueltig|ungültig)", "(unbekannter|ungueltiger|ungültiger) (benutzer|empfaenger|empfänger)", "kein solcher benutzer"]),
    row(MailboxFull, COMMON).at(TO).codes(&[452, 550, 552]).phrases(&["(postfach|mailbox) (|ist )voll", "(zuviele|zu viele) mails", "speicherplatz (|ist )(erschoepft|erschöpft|voll)"]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).phrases(&["(mailbox|postfach|konto|benutzer) (|ist |wurde )(deaktiviert|gesperrt)"]),
    // French.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["(utilisateur|destinataire) (inconnu|inexistant|invalide|introuvable)", "(adresse|boite|boîte)(| aux lettres)(| destinataire) (inconnue|inexistante|invalide|introuvable)", "destinataire invalide"]),
    row(MailboxFull, COMMON).at(TO).codes(&[452, 550, 552]).phrases(&["(boite|boîte)(| aux lettres| du destinataire) (|est )(pleine|saturee|saturée)", "quota (depasse|dépassé)"]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).phrases(&["(boite|boîte)(| aux lettres| du destinataire) (desactivee|désactivée|archivee|archivée|bloquee|bloquée)", "compte (desactive|désactivé|suspendu|bloque|bloqué)"]),
    // Spanish.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["(usuario|destinatario|buzon|buzón|cuenta|casilla|direccion|dirección) (desconocido|desconocida|inexistente|no existe|no encontrado|no encontrada|invalido|inválido|no valido|no válido)", "no existe (ese|el|dicha|tal|este) (usuario|buzon|buzón|persona|destinatario)", "no existe"]),
    row(MailboxFull, COMMON).at(TO).codes(&[452, 550, 552]).phrases(&["(buzon|buzón|casilla|cuenta) (|esta |está )(lleno|llena)", "cuota excedida"]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).phrases(&["estado: inactivo", "(usuario|cuenta|casilla) (inactivo|inactiva|suspendido|suspendida|deshabilitada|deshabilitado|bloqueada)", "ha expirado por falta de uso"]),
    // Portuguese.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["(usuario|usuário|destinatario|destinatário|conta|caixa postal|endereco|endereço) (desconhecido|desconhecida|inexistente|nao encontrado|não encontrado|nao existe|não existe|invalido|inválido)"]),
    row(MailboxFull, COMMON).at(TO).codes(&[452, 550, 552]).phrases(&["caixa (|postal |de correio )(cheia|lotada)", "cota excedida"]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).phrases(&["(conta|usuario|usuário|caixa postal) (desativada|desativado|suspensa|suspenso|bloqueada|bloqueado|inativa|inativo)"]),
    // Italian.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["(utente|destinatario|destin.|indirizzo|casella|mailbox) (sconosciuto|sconosciuta|inesistente|errato|errata|non trovato|non trovata|non esiste|non valido)", "nessun utente"]),
    row(MailboxFull, COMMON).at(TO).codes(&[452, 550, 552]).phrases(&["casella (|postale |di posta )piena", "quota superata"]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).phrases(&["bloccato per inutilizzo", "(casella|utente|account) (|e' |è )(disattivata|disattivato|disabilitata|disabilitato|sospesa|sospeso|bloccata|bloccato)"]),
    // Dutch.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["(onbekende|ongeldige) (gebruiker|ontvanger)", "(gebruiker|ontvanger|mailbox|adres) (onbekend|bestaat niet|niet gevonden)"]),
    // Polish.
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 553, 554]).phrases(&["nie ma takiego (konta|uzytkownika|użytkownika|adresu)", "(konto|uzytkownik|użytkownik|adres) nie istnieje", "nie istnieje"]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).phrases(&["(konto|skrzynka) (|jest )(zablokowane|zablokowana|nieaktywne|nieaktywna)"]),
];
