package search

import "slices"

// Asks says what a service may know: it is asked for nothing else, so that its absence hides nothing else. Whoever asks knows the
// products.
func Asks(service string, t Token) bool {
	if t.By == ID {
		return slices.Contains(ownersOf(t.Value[:3]), service)
	}
	return slices.Contains(knows(t.By), service)
}

// ownersOf are the services whose ids begin so.
func ownersOf(prefix string) []string {
	switch prefix {
	case "cus", "ord", "agr", "sub":
		return []string{"orders"}
	case "trf", "con", "cta", "acr", "pay":
		return []string{"accounttransfer"}
	case "per": // of customers, and who signs a consent
		return []string{"orders", "accounttransfer"}
	case "cas", "chn":
		return []string{"support"}
	case "inv", "bpd", "rel":
		return []string{"billing"}
	case "ntf", "rem":
		return []string{"notifications"}
	}
	return nil
}

func knows(by By) []string {
	switch by {
	case CompanyName:
		return []string{"orders"}
	case AccountID, MailAddress:
		return []string{"orders", "accounttransfer"}
	case AWSID:
		return []string{"accounttransfer"}
	case CaseNumber, RecordID:
		return []string{"support"}
	case InvoiceNumber, VendorInvoiceID:
		return []string{"billing"}
	case ExternalID:
		return []string{"orders", "support"}
	case ID: // its owner knows it
	case ProductID: // whoever asks does
	}
	return nil
}
