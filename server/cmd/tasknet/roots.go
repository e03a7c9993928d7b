package main

// For systems without a certificate store, as the container image is; all others use their own.
import _ "golang.org/x/crypto/x509roots/fallback"
