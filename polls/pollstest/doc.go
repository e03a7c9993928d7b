// Package pollstest is the suite that every polls.Store must pass.
package pollstest
