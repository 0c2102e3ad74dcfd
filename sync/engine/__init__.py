"""What makes the stages run: jobs that do what is due, and the metronome that calls them."""
