package identity

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"time"
)

// Session is what an assumed role is known by: it travels inside the session token.
type Session struct {
	AccessKey string    `json:"key"`
	Account   string    `json:"account"`
	Role      string    `json:"role"` // name of the role
	Name      string    `json:"name"` // the session name its caller chose
	Expires   time.Time `json:"expires"`
}

// NewSession opens a session of a role, given with or without its path; it expires in machine time.
func NewSession(account, role, name string, expires time.Time) Session {
	return Session{AccessKey: temporaryKey(account), Account: account, Role: path.Base(role), Name: name, Expires: expires}
}

// ARN names the session in the whole of AWS.
func (s Session) ARN(partition string) string {
	return fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", partition, s.Account, s.Role, s.Name)
}

// UserID is the role's unique id and the session's name.
func (s Session) UserID() string {
	sum := sha256.Sum256([]byte(s.Account + "/" + s.Role))
	return "AROA" + base32.StdEncoding.EncodeToString(sum[:])[:17] + ":" + s.Name
}

// Token returns the session token that goes with the session's access key.
func (s Session) Token() string {
	doc, _ := json.Marshal(s) // strings and a time: it cannot fail
	return base64.RawURLEncoding.EncodeToString(doc)
}

// ParseToken reads a token back; false when it is none of ours.
func ParseToken(token string) (Session, bool) {
	doc, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return Session{}, false
	}
	var s Session
	if json.Unmarshal(doc, &s) != nil || s.AccessKey == "" {
		return Session{}, false
	}
	return s, true
}
