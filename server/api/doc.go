// Package api is the HTTP edge of a server: it turns requests into calls of the domains and of the pipeline, and what
// they return into the JSON of package wire. It decides nothing and keeps nothing but counts of requests.
//
// Operations are registered with huma, which checks requests and writes the OpenAPI document from their Go types. Five
// are plain handlers, described in the same document: the path of every answer, where huma would cost a third of the
// time, the three streams, which huma cannot send through Fiber, and the upload of images, which are not JSON.
//
// Every error is an RFC 9457 problem with a stable code. Those of a known kind say what to do; all others are logged
// whole under a request's id and tell the caller that id alone.
package api
