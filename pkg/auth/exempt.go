package auth

import "strings"

// Exempt reports whether a method is open to everybody, without a token. The list is short and explicit.
func Exempt(method string) bool {
	service, _, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	switch service {
	case "grpc.health.v1.Health": // load balancers have no token, and an answer tells no more than an open port
		return true
	case "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection":
		return true // it shows the contract, which is public, and no data
	}
	return false
}
