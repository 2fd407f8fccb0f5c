from gebyar.cli import main

main()
