package storetest

import (
	"encoding/json"
	"fmt"
	"time"

	"example.com/handover/pkg/store"
)

// Label is a typed string, as domains have them.
type Label string

// Parcel is the document of the suite's kind.
type Parcel struct {
	Customer string    `json:"customer"`
	Order    string    `json:"order"`
	Label    Label     `json:"label"`
	Weight   int       `json:"weight"`
	Fragile  bool      `json:"fragile"`
	Due      time.Time `json:"due"`
	Waits    string    `json:"waits"` // for whom
	Late     time.Time `json:"late"`  // when it is late
	Told     bool      `json:"told"`  // that it is late
	Marks    string    `json:"marks"` // words by which it is found, with spaces between
}

func (p *Parcel) waiting() store.Waiting {
	return store.Waiting{Owner: p.Waits, Until: p.Late, Escalated: p.Told}
}

// crate is a second kind, which has states.
type crate struct {
	Weight      int
	State, Hold string
}

func upgrade(from int, doc []byte) ([]byte, error) {
	if from != 1 {
		return nil, fmt.Errorf("no version %d was ever written", from)
	}
	var fields map[string]any
	if err := json.Unmarshal(doc, &fields); err != nil {
		return nil, err
	}
	fields["label"] = fields["name"]
	delete(fields, "name")
	return json.Marshal(fields)
}
