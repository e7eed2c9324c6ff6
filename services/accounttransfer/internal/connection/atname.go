package connection

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"example.com/handover/pkg/text"
)

// What AWS takes as the name of a transfer: 128 printable characters of ASCII, none of them of a script. The name ends with the
// reference by which it is found again.
const (
	longestSeller = 36  // of the reseller's name in it
	longestNote   = 200 // of it in the text beside the name, which may have 1,024 characters
	anonymous     = "Your AWS reseller"
)

// NameAtAWS is the name of an invitation as the customer reads it in the AWS console: who asks, for which order, and from when on.
func NameAtAWS(c *Connection, inv *Invitation) string {
	words := cut(ascii(c.SellerName), longestSeller)
	if words == "" {
		words = anonymous
	}
	if c.OrderID != "" {
		words += ", order " + c.OrderID
	}
	return words + ", from " + inv.StartAt.Format("Jan 2006") + " [" + inv.Name + "]"
}

// Reference returns the reference in a name at AWS; the name itself where it has none.
func Reference(name string) string {
	if before, ref, found := strings.Cut(name, " ["); found && before != "" && strings.HasSuffix(ref, "]") {
		return strings.TrimSuffix(ref, "]")
	}
	return name
}

// NoteAtAWS is the text that AWS shows beside the name.
func NoteAtAWS(c *Connection, inv *Invitation) text.Text {
	return text.New("invitation.note",
		"seller", sellerAtAWS(c), "order_id", c.OrderID, "account_id", inv.AccountID, "start", stamp(inv.StartAt),
		"accept_by", stamp(inv.AcceptBy), "note", harmless(c.Note))
}

// MemberNoteAtAWS is the text that AWS shows with the invitation of one account: who asks, and for which order.
func MemberNoteAtAWS(c *Connection, accountID string) text.Text {
	return text.New("invitation.member-note",
		"seller", sellerAtAWS(c), "order_id", c.OrderID, "account_id", accountID, "note", harmless(c.Note))
}

func sellerAtAWS(c *Connection) string {
	if seller := cut(harmless(c.SellerName), longestNote); seller != "" {
		return seller
	}
	return anonymous
}

// ascii spells a name with the letters that AWS takes: accents are left out, and what has no such letter is, too.
func ascii(name string) string {
	spelt := strings.NewReplacer(
		"ß", "ss", "Ø", "O", "ø", "o", "Æ", "Ae", "æ", "ae", "Œ", "Oe", "œ", "oe", "Ł", "L", "ł", "l", "Đ", "D", "đ", "d",
	).Replace(name)
	kept := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(spelt))
	kept = strings.Join(strings.Fields(strings.NewReplacer("[", "(", "]", ")").Replace(harmless(kept))), " ")
	if !strings.ContainsFunc(kept, unicode.IsLetter) {
		return ""
	}
	return kept
}

// harmless leaves out of a text what AWS's filter could take for a script.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>=:;\"'`", r) {
			return -1
		}
		return r
	}, s)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most]))
	}
	return s
}
