package servicenow

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// identify finds out who calls. The user is named even when the password is wrong, so that a fault can be set for it.
func (s *Simulator) identify(r *http.Request) (user string, refused *refusal) {
	unknown := refuse(http.StatusUnauthorized, "User Not Authenticated", "Required to provide Auth information")
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		user, valid := s.tokens.user(token, s.machine.Now())
		if !valid {
			return user, unknown
		}
		return user, nil
	}
	user, password, ok := r.BasicAuth()
	if !ok || !s.users.Accepts(user, password) {
		return user, unknown
	}
	return user, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
