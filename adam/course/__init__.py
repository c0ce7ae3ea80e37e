"""What happened to each subject: treatment, later therapy, life and death, and what the subject was like before."""
