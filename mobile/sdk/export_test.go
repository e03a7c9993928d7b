package sdk

// OpenAt is Open on a device with a clock.
var OpenAt = open
