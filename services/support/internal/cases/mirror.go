package cases

// Tables of ServiceNow that can hold cases.
const (
	TableCase     = "sn_customerservice_case" // of Customer Service Management
	TableIncident = "incident"
)

// Seen is a record as ServiceNow shows it.
type Seen struct {
	Ref
	Number       string
	State        string // a number, which means another thing in each table
	HoldReason   string // of an incident on hold
	ModCount     int64
	Code, Notes  string // of the resolution
	AccountSysID string
}

// Means is the state of the case that ServiceNow's stands for.
func (s Seen) Means() State {
	if s.Table == TableIncident {
		return s.incident()
	}
	switch s.State {
	case "1":
		return New
	case "18":
		return AwaitingCustomer
	case "6":
		return Resolved
	case "3":
		return Closed
	case "7": // on customized instances
		return Cancelled
	default: // 10, and what an instance has added: somebody works on it. ServiceNow has no state for "AWS must act"
		return Open
	}
}

func (s Seen) incident() State {
	switch s.State {
	case "1":
		return New
	case "3":
		return onHold(s.HoldReason)
	case "6":
		return Resolved
	case "7":
		return Closed
	case "8":
		return Cancelled
	default: // 2, and what an instance has added
		return Open
	}
}

func onHold(reason string) State {
	switch reason {
	case "1": // awaiting caller
		return AwaitingCustomer
	case "4": // awaiting vendor
		return AwaitingAWS
	default: // a change or problem of the reseller
		return Open
	}
}

// resolution is nil while the record is not resolved; a record that was closed without a code never was.
func (s Seen) resolution() *Resolution {
	state := s.Means()
	if state != Resolved && (state != Closed || s.Code == "") {
		return nil
	}
	return &Resolution{Code: s.Code, Notes: s.Notes}
}
