package channel

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"time"

	"example.com/handover/pkg/sim/aws/state"
)

const arnHead = `arn:[a-z-]+:partnercentral:[a-z0-9-]+:\d{12}:catalog/[a-zA-Z]+/`

// Everywhere an id may be given as the last part of its ARN.
var (
	programPattern   = regexp.MustCompile(`^(` + arnHead + `program-management-account/)?pma-[a-z0-9]{13}$`)
	relationPattern  = regexp.MustCompile(`^(` + arnHead + `program-management-account/pma-[a-z0-9]{13}/relationship/)?rs-[a-z0-9]{13}$`)
	handshakePattern = regexp.MustCompile(`^(` + arnHead + `channel-handshake/)?ch-[a-z0-9]{13}$`)
	resourcePattern  = regexp.MustCompile(
		`^(` + arnHead + `program-management-account/pma-[a-z0-9]{13}(/relationship/rs-[a-z0-9]{13})?|(pma|rs)-[a-z0-9]{13})$`,
	)
)

// newID returns an id in this service's pattern: the prefix, a dash, and 13 lower-case letters and digits.
func newID(prefix string) string { return prefix + "-" + strings.ToLower(rand.Text()[:13]) }

// idOf strips what makes an id an ARN.
func idOf(identifier string) string { return identifier[strings.LastIndex(identifier, "/")+1:] }

func programARN(p state.ProgramAccount) string {
	return arn(p.Account, "program-management-account/"+p.ID)
}

func relationARN(r state.Relationship) string {
	return arn(r.Owner, "program-management-account/"+r.ProgramAccount+"/relationship/"+r.ID)
}

func handshakeARN(h state.ChannelHandshake) string {
	return arn(h.Sender, "channel-handshake/"+h.ID)
}

func arn(owner, resource string) string {
	return fmt.Sprintf("arn:aws:partnercentral:us-east-1:%s:catalog/%s/%s", owner, Catalog, resource)
}

// Catalog is the one that holds something; the catalogue for tests is empty.
const Catalog = "AWS"

// place is where in a list something stands: lists are ordered by time, then by id.
func place(at time.Time, id string) string {
	return at.UTC().Format("2006-01-02T15:04:05.000000000Z ") + id
}
