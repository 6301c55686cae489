"""What runs after a login: Actions in JavaScript, in a child process."""
