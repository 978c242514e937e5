print("glocal-bench: no cases yet")
