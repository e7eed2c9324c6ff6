package servicenow

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"example.com/handover/services/support/internal/cases"
)

// recordFields are those that a record is read by. An instance leaves out what its table does not have.
const recordFields = "sys_id,number,state,hold_reason,sys_mod_count,correlation_id,resolution_code,close_code,close_notes,account"

// row is a record on the wire: every value a string.
type row struct {
	SysID          text `json:"sys_id"`
	Number         text `json:"number"`
	State          text `json:"state"`
	HoldReason     text `json:"hold_reason"`
	ModCount       text `json:"sys_mod_count"`
	CorrelationID  text `json:"correlation_id"`
	ResolutionCode text `json:"resolution_code"`
	CloseCode      text `json:"close_code"`
	CloseNotes     text `json:"close_notes"`
	Account        text `json:"account"`
}

func (r row) seen(table string) cases.Seen {
	return cases.Seen{
		Ref: cases.Ref{Table: table, SysID: string(r.SysID)}, Number: string(r.Number), State: string(r.State),
		HoldReason: string(r.HoldReason), ModCount: r.ModCount.count(), Notes: string(r.CloseNotes), AccountSysID: string(r.Account),
		Code: string(cmp.Or(r.ResolutionCode, r.CloseCode)),
	}
}

// text is a value. One that refers to another record may come as {"link", "value"}, and a number without its quotes.
type text string

// UnmarshalJSON takes all shapes.
func (t *text) UnmarshalJSON(data []byte) error {
	var plain string
	if json.Unmarshal(data, &plain) == nil {
		*t = text(plain)
		return nil
	}
	var number json.Number
	if json.Unmarshal(data, &number) == nil {
		*t = text(number)
		return nil
	}
	var reference struct {
		Value string `json:"value"`
	}
	err := json.Unmarshal(data, &reference)
	*t = text(reference.Value)
	return err
}

// count reads a number, which an instance may write for people: "1,234" in one language, "1.234" in another. None is 0: the
// journal is then read each time.
func (t text) count() int64 {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, string(t))
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}

// instant reads a time as ServiceNow writes it, in UTC; zero for none.
func (t text) instant() time.Time {
	at, err := time.Parse("2006-01-02 15:04:05", string(t))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// urgency spells a priority. That of an incident follows from two others and is not written itself.
func urgency(table string, p cases.Priority) map[string]string {
	if table != cases.TableIncident {
		return map[string]string{"priority": map[cases.Priority]string{cases.P1: "1", cases.P2: "2", cases.P3: "3", cases.P4: "4"}[p]}
	}
	pair := map[cases.Priority][2]string{cases.P1: {"1", "1"}, cases.P2: {"1", "2"}, cases.P3: {"2", "2"}, cases.P4: {"2", "3"}}[p]
	return map[string]string{"impact": pair[0], "urgency": pair[1]}
}
