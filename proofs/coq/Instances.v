(** Instances of the inner-product record: it is not empty, and function spaces are among them. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From W2S Require Import InnerSpace.
Open Scope R_scope.

(** [R^2], in which all witnesses of sharpness live. *)
Definition R2 : inner_space.
Proof.
  refine {| carrier := R * R; vzero := (0, 0);
            vadd := fun x y => (fst x + fst y, snd x + snd y);
            vscale := fun a x => (a * fst x, a * snd x);
            ip := fun x y => fst x * fst y + snd x * snd y |}; intros; cbn; nra.
Defined.

(** [R^n], as sequences of which the first [n] coordinates count. *)
Definition Rn (n : nat) : inner_space.
Proof.
  refine {| carrier := nat -> R; vzero := fun _ => 0;
            vadd := fun x y i => x i + y i; vscale := fun a x i => a * x i;
            ip := fun x y => rsum (fun i => x i * y i) n |}; intros.
  - apply rsum_ext. intros. ring.
  - etransitivity; [apply (rsum_scal 0) | ring].
  - rewrite <- rsum_plus. apply rsum_ext. intros. ring.
  - rewrite <- rsum_scal. apply rsum_ext. intros. ring.
  - apply rsum_pos. intros. apply Rle_0_sqr.
Defined.

Ltac real_ring :=
  cbn; unfold plus, scal, mult; cbn; unfold mult; cbn;
  match goal with |- @eq _ ?l ?r => change (@eq R l r) end; ring.

(** Continuous functions with [<f, g> = int_a^b f g rho], [rho] a continuous density of the inputs. *)
Definition continuous_functions (a b : R) (rho : R -> R) (Hab : a <= b)
  (Hrho : forall x, continuous rho x) (Hpos : forall x, 0 <= rho x) : inner_space.
Proof.
  assert (I : forall f g : {f : R -> R | forall x, continuous f x},
    ex_RInt (fun x => proj1_sig f x * proj1_sig g x * rho x) a b).
  { intros [f Hf] [g Hg]. apply (ex_RInt_continuous (V := R_CompleteNormedModule)).
    intros. apply @continuous_mult; [apply @continuous_mult |]; auto. }
  unshelve refine {| carrier := {f : R -> R | forall x, continuous f x};
    vzero := exist _ (fun _ => 0) _;
    vadd := fun f g => exist _ (fun x => proj1_sig f x + proj1_sig g x) _;
    vscale := fun c f => exist _ (fun x => c * proj1_sig f x) _;
    ip := fun f g => RInt (fun x => proj1_sig f x * proj1_sig g x * rho x) a b |}.
  - intro. apply continuous_const.
  - intro. apply (@continuous_plus _ _ R_NormedModule); [apply (proj2_sig f) | apply (proj2_sig g)].
  - intro. apply (@continuous_mult _ R_AbsRing); [apply continuous_const | apply (proj2_sig f)].
  - intros f g. apply RInt_ext. intros. real_ring.
  - intros f. transitivity (RInt (fun _ => 0) a b); [apply RInt_ext; intros; real_ring |].
    rewrite RInt_const. apply Rmult_0_r.
  - intros f g h. etransitivity; [| apply (RInt_plus (V := R_CompleteNormedModule)); apply I].
    apply RInt_ext. intros. real_ring.
  - intros c f g. etransitivity; [| apply (RInt_scal (V := R_CompleteNormedModule)), I].
    apply RInt_ext. intros. real_ring.
  - intros f. apply RInt_ge_0; trivial.
    intros. apply Rmult_le_pos; [apply Rle_0_sqr | trivial].
Defined.
