package android.content;

/** What gobind's Java names of Android. A JVM has none. */
public class Context {}
