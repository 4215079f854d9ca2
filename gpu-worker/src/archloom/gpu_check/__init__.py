"""Everything that needs a graphics card, tried on the one that is here: `npm run gpu-check`.

What tests cannot show on a machine without a card is shown here, through the product's own code: jail,
recipes, language process. Models and images are made on the spot; nothing is downloaded.
"""
